// The fits of every consumer: y = 3·x1 − 2·x2 + 0.5, solved and descended to.

import { fit } from 'webgpu-descent';

const features = Float32Array.from({ length: 4000 }, (_, i) => Math.sin(i * i));
const targets = Float32Array.from({ length: 2000 }, (_, i) => 3 * features[2 * i] - 2 * features[2 * i + 1] + 0.5);
export const data = { features, targets, featureCount: 2 };

export const answerOf = ({ weights, bias, report }) => ({
  parameters: [...weights, bias],
  backend: report?.backend,
  converged: report?.converged,
});

const DESCENT = { optimizer: 'gradientDescent' };

/** Plain answers, which any page and process can hand on. */
export async function outcome({ backend = 'webgpu' } = {}) {
  return [answerOf(await fit(data)), answerOf(await fit(data, { ...DESCENT, backend }))];
}
