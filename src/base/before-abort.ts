/** A result, or the reason of a signal that aborts before there is one: what is waited for then ends by itself, or never. */
export function beforeAbort<Result>(result: Promise<Result>, signal: AbortSignal | undefined): Promise<Result> {
  if (!signal) return result;
  return new Promise((resolve, reject) => {
    const end = () => reject(signal.reason as Error);
    if (signal.aborted) end();
    signal.addEventListener('abort', end, { once: true });
    result.then(resolve, reject).finally(() => signal.removeEventListener('abort', end));
  });
}
