import type { NoiseText } from './noise-ko.js';

/** Section 9 of the page, in English. */
export const noise: NoiseText = {
  short: 'Noise',
  title: 'Noise: models that are too simple or too complex',
  lead: 'Data are noisy, so a low loss on the examples that a model was trained on does not make it a good one. It is judged by held-out examples, which it has not seen.',
  degreesTitle: 'The degree of a polynomial',
  degreesLead:
    'With x, x², x³ and so on as features, the same least squares fits a curve. A higher degree always lowers the training loss; the held-out loss rises again from some degree on.',
  curveCaption: 'Points: the training examples. Solid: the polynomial. Dashed: the true curve behind the data.',
  curveLabel: 'The training examples, the polynomial and the true curve',
  degreesCaption: 'The loss by degree. Solid: training. Dashed: held out. The vertical line is the degree in hand.',
  degreesLabel: 'Training loss and held-out loss by degree',
  degreeAxis: 'degree',
  degree: 'Degree of the polynomial',
  sigma: 'Standard deviation σ of the noise',
  examples: 'Training examples',
  trainLoss: 'Training loss',
  heldOutLoss: 'Held-out loss',
  bestDegree: 'Degree with the lowest held-out loss',
  verdicts: {
    tooSimple: 'Underfitting: too simple to follow the true curve. Both losses are high.',
    tooComplex: 'Overfitting: it follows the noise. The training loss is low, but new examples do not fit.',
    right: 'About right: the held-out loss is near its lowest.',
  },
  batchesTitle: 'The size of a batch',
  batchesLead:
    'Here a line is trained on 200 examples. With batches of 1 every example makes an update, 200 in an epoch. That is fast at first, but at the end it does not settle.',
  lineCaption: 'The training examples and the current h(x).',
  lineLabel: 'The training examples and the line h(x)',
  lossesCaption: 'The loss by epoch. Solid: training. Dashed: held out.',
  batch: 'Batch size',
  batchNames: { full: 'all (200)', '16': '16', '1': '1' },
  one: 'One epoch',
  play: 'Play',
  pause: 'Pause',
  restart: 'Back to the start',
  batchValues: {
    epoch: 'Epoch',
    'batch-train': 'Training loss',
    'batch-held-out': 'Held-out loss',
    'batch-w': 'Weight w',
    'batch-b': 'Bias b',
  },
  batchesNote:
    'The smaller the batch, the smaller λ has to be. With a λ that falls from epoch to epoch the noise dies away.',
};
