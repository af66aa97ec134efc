import type { ClassesText } from './classes-ko.js';

/** Section 8 of the page, in English. */
export const classes: ClassesText = {
  short: 'Two classes',
  title: 'Two classes: the same loop draws a boundary',
  lead: 'Now the target is no number but one of two classes, 0 and 1. h(x) is the probability of class 1, and the line on which h(x) = ½ is the boundary. The loop stays; only h(x) and the loss change. Drag the points, and watch the boundary move step by step.',
  presets: 'Data',
  presetNames: { mixed: 'overlapping', apart: 'apart', inside: 'one inside the other' },
  plotLabel: 'The points of two classes and the boundary. Points move by arrow keys, and Delete removes one.',
  pointLabel: (number, label, x, y, probability) =>
    `Point ${number} of class ${label}: x1 ${x}, x2 ${y}, h(x) ${probability}`,
  curveLabel: 'The S curve of h(x) over w·x + b, and the points on it',
  planeCaption:
    'Circles: class 0. Triangles: class 1. The thick line is the boundary; the stronger the colour, the surer h(x).',
  curveCaption: 'The same points by their w·x + b. The length of a vertical segment is the size of h(x) − y.',
  added: 'A click adds',
  classNames: { '0': 'class 0 (circle)', '1': 'class 1 (triangle)' },
  one: 'One step',
  play: 'Play',
  pause: 'Pause',
  restart: 'Back to the start',
  values: {
    epoch: 'Epoch',
    'class-loss': 'Loss L',
    accuracy: 'Share that is right (accuracy)',
    w1: 'Weight w1',
    w2: 'Weight w2',
    b: 'Bias b',
  },
  help: 'Click anywhere empty to add a point; drag points to move them. A double click or the Delete key removes a point.',
  refusals: {
    most: 'There are many points already. Remove one first.',
    fewest: 'A point of each class has to stay.',
  },
  allRight: 'Every point is on its side.',
  wrong: (count) => `${count} ${count === '1' ? 'point is' : 'points are'} on the wrong side.`,
  grows: 'Where a boundary separates all, larger weights always lower the loss: there are no best ones.',
  rises: (limit) => `The loss has risen. Under λ = ${limit} every step lowers it.`,
  formulaTitle: 'What changes',
  formulaLead:
    'The logistic function, an S curve, turns any number w·x + b into a probability between 0 and 1. The loss is the mean of −log of the probability that h gives to the true class.',
  log1: 'y log h(x)',
  log0: '(1−y) log(1−h(x))',
  formulaEnd:
    'Its derivative is the formula of section 3 again. So the last three lines of the loop do not change by a letter.',
  limitTitle: 'The limit of λ, and data that a line separates',
  limit:
    'The curvature of this loss differs from place to place, but is at most a quarter of that of the squared loss. With λ under the limit that is marked, every step lowers the loss; over it descent may still converge.',
  apart:
    'Where a boundary separates the classes completely, larger weights bring the probabilities nearer to 0 and 1, and the loss falls without end. The usual remedy is a penalty on large weights, the option l2.',
};
