/** Milliseconds that the processor has worked for this process: what other processes take of it does not count. */
export function workedMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

/** Milliseconds that the processor works for this process until the work is done. */
export async function workOf(work: () => unknown): Promise<number> {
  const startMs = workedMs();
  await work();
  return workedMs() - startMs;
}
