import type { TaskText } from '../tasks/task.js';

/** The tasks of the program and of the sections after it. */
export const laterTasks: Readonly<Record<string, TaskText>> = {
  'program-limit': {
    question:
      'The data are “x from 0 to 10”. Which is the largest λ with which the program still converges? Two digits.',
    answer: (expected) =>
      `λ = ${expected}. The larger the features, the larger H, and the limit is 2/H_max. The mark under the slider shows it.`,
  },
  'program-updates': {
    question: 'There are 1,000 examples. How many times does an epoch with batches of 16 update the parameters?',
    answer: (expected) => `${expected} times: 1,000/16 = 62.5, and the last, smaller batch makes an update, too.`,
  },
  'program-momentum': {
    question:
      'H_max/H_min is 40, where gradient descent does not arrive in 100 epochs. Choose λ and momentum so that momentum arrives in 30 or fewer.',
    answer: () =>
      'Open “Every λ with every momentum” and click the framed cell. In a valley a momentum near 0.7 with a λ near the limit is fast.',
  },
  'scale-limit': {
    question: 'The number of examples m becomes ten times as large. What happens to the limit of λ?',
    choices: ['It becomes ten times as small', 'It hardly changes', 'It becomes ten times as large'],
    answer: () => 'It hardly changes: loss and gradient are means over the examples, and so is H.',
  },
  'scale-noise': {
    question: 'The noise has a standard deviation of 0.3. Near which loss does descent end?',
    answer: (expected) => `Near ${expected}: half the variance of the noise, 0.3²/2, which no h(x) can explain.`,
  },
  'scale-diverge': {
    question: 'Let h(x) leave the picture with a λ of at most 2.2.',
    answer: () => 'Press the mark “limit”, which sets λ just beyond it, go back to the start, and press Play.',
  },
  'own-fuel': {
    question:
      'Take “Fuel use of cars” with the weight as the only feature. How many miles per gallon do 1,000 pounds more cost? One digit after the point.',
    answer: (expected) => `${expected}: the weight of weight_1000lb is −${expected}.`,
  },
  'own-standardize': {
    question: 'Why does the limit of λ jump when the features are standardized?',
    choices: [
      'Large values of a feature make H_max large; standardized ones do not',
      'The data get fewer',
      'The loss becomes smaller',
    ],
    answer: () => 'H is a mean of squares of the features. Standardized, each has a mean square of 1.',
  },
  'own-arrive': {
    question: 'Take “Speed and stopping distance” and let descent arrive in 40 epochs or fewer.',
    answer: () => 'Standardize the features: with one of them, and λ at half its limit, a step or two arrive.',
  },
  'classes-half': {
    question: 'How large is h(x) for a point on the boundary?',
    answer: (expected) => `${expected}: there w·x + b = 0, and 1/(1 + e⁰) = ½.`,
  },
  'classes-apart': {
    question: 'In “apart”, let descent move the boundary until every point is on its side.',
    answer: () => 'Press Play. Where a line can separate the classes, descent finds one.',
  },
  'classes-loop': {
    question:
      'What changes in the last three lines of the loop when the logistic loss takes the place of the squared one?',
    choices: ['The sign', 'A factor of 2', 'Nothing'],
    answer: () => 'Nothing: the derivative is (h(x) − y)x in both cases. Only h(x) is another function.',
  },
  'noise-degree': {
    question: 'Choose the degree of the polynomial that fits new examples best.',
    answer: () => 'The one at which the dashed curve of the held-out loss is lowest, not the solid one of training.',
  },
  'noise-batch': {
    question: 'Why does the line keep moving with batches of 1, even near its best place?',
    choices: [
      'λ is over its limit',
      'Each update follows the gradient of one example, which is not 0 there',
      'The loss has several lowest points',
    ],
    answer: () => 'At the best place the mean of all gradients is 0, but not the gradient of each example.',
  },
};
