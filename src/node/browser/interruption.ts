/** The signals that interrupt a command: Ctrl-C, a polite request, and a terminal that is closed. */
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** Time for a browser to end. What has not ended by then does so when the pipe to this process closes. */
const GRACE_MS = 500;

/** Not reached: the signal ends this process. */
const never = new Promise<never>(() => undefined);

/**
 * Runs `body` with a signal that aborts when this process is interrupted, and ends the process once `body` has, or after a
 * moment of grace. Without this, a signal ends the process where it stands, also within a loop that leaves no turn for
 * anybody: so this is only for what has something to end, such as a browser.
 */
export async function untilInterrupted<Result>(body: (signal: AbortSignal) => Promise<Result>): Promise<Result> {
  const interruption = new AbortController();
  let received: (typeof SIGNALS)[number] | undefined;
  const ignore = () => SIGNALS.forEach((name) => process.off(name, interrupt));
  const end = () => {
    ignore();
    if (received) process.kill(process.pid, received);
  };
  function interrupt(name: NodeJS.Signals): void {
    received = name as (typeof SIGNALS)[number];
    ignore(); // a second one ends this process where it stands
    setTimeout(end, GRACE_MS);
    interruption.abort();
  }
  SIGNALS.forEach((name) => process.on(name, interrupt));
  try {
    return await body(interruption.signal);
  } finally {
    end();
    if (received) await never;
  }
}
