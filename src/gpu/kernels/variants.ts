import type { Loss } from '../../options/names.js';

/** The kernel variant to compile: which loss, with or without example weights. */
export interface Terms {
  loss: Loss;
  weighted: boolean;
}

/** The squared loss without example weights. */
export const PLAIN: Terms = { loss: 'squared', weighted: false };

/** The answers of shaders/variants/ to `loss` and `example_weight`. */
export function exampleVariants({ loss, weighted }: Terms): { loss: Loss; example_weight: 'none' | 'weighted' } {
  return { loss, example_weight: weighted ? 'weighted' : 'none' };
}

/** True if the loss cannot be recomputed from the residual and must be stored next to it. */
export function areLossesKept({ loss, weighted }: Terms): boolean {
  return loss !== 'squared' || weighted;
}
