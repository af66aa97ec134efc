import { readdir, readFile } from 'node:fs/promises';

/** The browser that the given process has started, and its profile: from /proc, so on Linux alone. */
export async function browserBelow(parent: number): Promise<{ processId: number; profile: string } | undefined> {
  for (const name of await readdir('/proc')) {
    const status = await readFile(`/proc/${name}/stat`, 'utf8').catch(() => '');
    if (Number(/\) \S (\d+)/.exec(status)?.[1]) !== parent) continue;
    const command = await readFile(`/proc/${name}/cmdline`, 'utf8').catch(() => '');
    const profile = /--user-data-dir=([^\0]+)/.exec(command)?.[1];
    if (profile !== undefined) return { processId: Number(name), profile };
  }
  return undefined;
}
