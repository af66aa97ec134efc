/** What every GPU test runs in: a device that must exist, and error scopes that let no error pass. */

/** The adapter of this browser. There is no skipping: without an adapter a GPU test has failed. */
export async function requireAdapter(): Promise<GPUAdapter> {
  if (!('gpu' in navigator)) throw new Error('this page has no navigator.gpu');
  const adapter = await navigator.gpu.requestAdapter();
  if (adapter === null) throw new Error('navigator.gpu.requestAdapter() gave null');
  return adapter;
}

const FILTERS = ['validation', 'out-of-memory', 'internal'] as const;

/**
 * Runs `body` and waits for the device's queue. Throws if any command within was refused, if an error went uncaptured or
 * if the device was lost, also when `body` itself ended well.
 */
export async function withErrorScopes<Result>(
  device: GPUDevice,
  body: () => Result | Promise<Result>,
): Promise<Result> {
  const errors: string[] = [];
  const onUncaptured = (event: GPUUncapturedErrorEvent) => {
    event.preventDefault(); // it is reported below
    errors.push(`uncaptured ${describe(event.error)}`);
  };
  device.addEventListener('uncapturederror', onUncaptured);
  // A lost device reports no errors any more, so a body that loses or destroys its device has not been checked.
  void device.lost.then(({ reason, message }) => errors.push(`device lost (${reason}): ${message}`));
  for (const filter of FILTERS) device.pushErrorScope(filter);
  let outcome: { result: Result } | { thrown: unknown };
  try {
    outcome = { result: await body() };
  } catch (thrown) {
    outcome = { thrown };
  }
  // Scopes are a stack: the last one opened is the first one closed.
  for (const filter of FILTERS.toReversed()) {
    try {
      const error = await device.popErrorScope();
      if (error !== null) errors.push(`${filter}: ${describe(error)}`);
    } catch (error) {
      errors.push(`${filter} scope: ${String(error)}`);
    }
  }
  await device.queue.onSubmittedWorkDone().catch((error: unknown) => errors.push(String(error)));
  await new Promise((done) => setTimeout(done)); // uncaptured errors arrive as events, in a turn of their own
  device.removeEventListener('uncapturederror', onUncaptured);
  if (errors.length > 0)
    throw new Error(`GPU errors: ${errors.join('; ')}`, 'thrown' in outcome ? { cause: outcome.thrown } : undefined);
  if ('thrown' in outcome) throw outcome.thrown;
  return outcome.result;
}

function describe(error: GPUError): string {
  return `${error.constructor.name}: ${error.message}`;
}
