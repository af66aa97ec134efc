/** A temporary browser profile that is gone when its browser is, however this process ends. */
import { spawn } from 'node:child_process';
import { rmSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * Nothing runs in a process that is killed, so a second, small process stands by: its standard input ends when this one
 * does, in whatever way. It then ends what is left of the browser (Chrome closes by itself when its pipe does, unless it
 * hangs) and removes the profile, again while Chrome's last processes still write to it.
 */
const GUARD_SOURCE = `
  let browser = '';
  process.stdin.on('data', (text) => { browser += text; });
  process.stdin.on('end', async () => {
    for (let waitMs = 50; waitMs < 5000; waitMs *= 2) {
      await new Promise((done) => setTimeout(done, waitMs));
      if (waitMs > 1000 && browser) try { process.kill(-Number(browser), 'SIGKILL'); } catch {}
      try { require('fs').rmSync(process.argv[1], { recursive: true, force: true, maxRetries: 3 }); } catch { continue; }
      try { if (browser) process.kill(Number(browser), 0); } catch { break; }
    }
  });
`;

/**
 * Chrome makes a socket of about 45 characters below its folder for temporary files, and the path of a socket has room
 * for about 100. Where that is too little, a Chrome that is killed leaves an empty folder behind.
 */
const LONGEST_TEMPORARY_FOLDER = 55;

export interface BrowserProfile {
  /** The profile's folder. */
  folder: string;
  /** The environment variables that keep Chrome's other files in there too. */
  env: NodeJS.ProcessEnv;
  /** Tells the guard which browser uses the profile, once it has started. */
  guard: (browserProcessId: number) => void;
  /** Removes the profile of a browser that has ended. */
  remove: () => void;
  /** Leaves the removal to the guard, for a browser that may not have ended yet. */
  abandon: () => void;
}

export async function createBrowserProfile(): Promise<BrowserProfile> {
  const folder = await mkdtemp(join(tmpdir(), 'webgpu-descent-profile-'));
  const guard = spawn(process.execPath, ['-e', GUARD_SOURCE, folder], {
    detached: true, // so that Ctrl-C in a terminal, which reaches this process's group, spares the guard
    stdio: ['pipe', 'ignore', 'ignore'],
    env: { ...process.env, NODE_OPTIONS: '' },
  });
  guard.unref();
  guard.stdin.on('error', () => {}); // the guard was ended by somebody else: then there is none
  return {
    folder,
    env: {
      BREAKPAD_DUMP_LOCATION: folder,
      ...(folder.length <= LONGEST_TEMPORARY_FOLDER && { TMPDIR: folder }),
    },
    guard: (browserProcessId) => void guard.stdin.write(String(browserProcessId)),
    remove() {
      rmSync(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 50 });
      guard.kill('SIGKILL');
    },
    abandon: () => void guard.stdin.end(),
  };
}
