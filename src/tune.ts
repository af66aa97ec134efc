import { anyText } from './base/quote.js';
import { DescentError } from './base/errors.js';
import { requireKnown } from './base/check-names.js';
import { requireObject } from './base/require-object.js';
import type { GpuContext } from './gpu/device/device.js';
import type { Tuning } from './gpu/device/tuning.js';

/** The options of `tune`. */
export interface TuneOptions {
  /** The most time that it takes, in milliseconds, but for what is under way when it ends. Default 250. */
  budgetMs?: number | undefined;
  /** Ends it with the signal's reason. */
  signal?: AbortSignal | undefined;
}

/**
 * Looks for the sizes of workgroups and shares of examples with which the adapter of a context trains fastest, by training on
 * examples of no meaning. What it returns is plain data, for `createContext({ tuning })` and to be kept: it is the tuning of
 * the context unless another one is faster by 5 % or more. The tuning fixes the order in which sums are added, so that models
 * of two tunings differ in their last bits; `report.tuning` and checkpoints name it.
 *
 * Throws `INVALID_OPTION`, and what `fit` throws of a device. Whatever happens, nothing stays allocated.
 *
 *     const context = await createContext();
 *     const tuning = await tune(context);
 *     context.dispose();
 *     const tuned = await createContext({ tuning });
 */
export async function tune(context: GpuContext, options: TuneOptions = {}): Promise<Tuning> {
  requireObject(options, 'options');
  const { budgetMs = 250, signal } = requireKnown(options, ['budgetMs', 'signal']);
  if (typeof budgetMs !== 'number' || !(budgetMs >= 0)) {
    throw new DescentError('INVALID_OPTION', {
      got: `budgetMs = ${anyText(budgetMs)}`,
      expected: 'milliseconds, 0 or more',
      fix: 'Leave it out for the default, 250.',
      where: { option: 'budgetMs' },
    });
  }
  signal?.throwIfAborted();
  context.check();
  const { tuneDevice } = await import('./gpu/tune/tune-device.js');
  return tuneDevice(context, budgetMs, signal);
}
