import countedAlike from '../../../shaders/shared/counted_alike.wgsl?raw';
import countedByWeight from '../../../shaders/shared/counted_by_weight.wgsl?raw';
import huber from '../../../shaders/shared/loss_huber.wgsl?raw';
import logistic from '../../../shaders/shared/loss_logistic.wgsl?raw';
import squared from '../../../shaders/shared/loss_squared.wgsl?raw';
import rowCountedAlike from '../../../shaders/shared/row_counted_alike.wgsl?raw';
import rowCountedByWeight from '../../../shaders/shared/row_counted_by_weight.wgsl?raw';
import type { Loss } from '../../options/names.js';

/** What an example adds to the sums: by which loss, and whether it has a weight. A kernel's text has one form for each. */
export interface Terms {
  loss: Loss;
  weighted: boolean;
}

/** The squared loss, all examples alike. */
export const PLAIN: Terms = { loss: 'squared', weighted: false };

const LOSS_TEXTS: Record<Loss, string> = { squared, huber, logistic };

/** The texts for kernels that take four examples at a time. */
export function lossText({ loss, weighted }: Terms): string {
  return LOSS_TEXTS[loss] + (weighted ? countedByWeight : countedAlike);
}

/** The texts for kernels that take rows. */
export function rowLossText({ loss, weighted }: Terms): string {
  return LOSS_TEXTS[loss] + (weighted ? rowCountedByWeight : rowCountedAlike);
}

/** Whether the losses of examples do not follow from their residuals, so that they pass through memory beside them. */
export function areLossesKept({ loss, weighted }: Terms): boolean {
  return loss !== 'squared' || weighted;
}

/** The same, as kernels know it. */
export function keepsLosses(terms: Terms): string {
  return `\nconst KEEPS_LOSSES = ${areLossesKept(terms)};\n`;
}
