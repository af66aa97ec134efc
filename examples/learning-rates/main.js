import { fit, fitMany, syntheticRegression } from 'webgpu-descent';

const { dataset } = syntheticRegression({ rows: 10_000, features: 4, correlation: 0.5, seed: 7 });
const plain = { optimizer: 'gradientDescent', epochs: 50, tolerance: 0 };
const { report } = await fit(dataset, { ...plain, epochs: 1 });
const limit = report.learningRateLimit; // measured: over it, descent diverges

const shares = [0.05, 0.2, 0.5, 0.8, 0.95, 1.05];
const models = await fitMany(
  dataset,
  shares.map((share) => ({ learningRate: share * limit })),
  plain,
); // side by side
for (const [i, { report: found }] of models.entries()) {
  const row = document.querySelector('table').insertRow();
  for (const cell of [`${shares[i]} of the limit`, found.lossHistory.at(-1).toPrecision(5), found.stopReason]) {
    row.insertCell().textContent = cell;
  }
}
const losses = models.map((model) => model.report.lossHistory.at(-1));
const best = losses.indexOf(Math.min(...losses));
document.querySelector('output').textContent =
  `best ${shares[best]}, first ${losses[0] > losses[best]}, over ${losses.at(-1) > losses[best]}`;
