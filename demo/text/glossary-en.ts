import type { PageText } from './ko.js';

/** The terms of the page, each in a line. */
export const glossary: PageText['glossary'] = [
  { word: 'example', meaning: 'One row of the data: its features x and its target y.' },
  { word: 'feature', meaning: 'A number that is known of an example, and that the prediction is made from.' },
  { word: 'target, label', meaning: 'The number, or the class, that is to be predicted.' },
  { word: 'hypothesis, model', meaning: 'The function that predicts: h(x) = wx + b.' },
  { word: 'weight, bias', meaning: 'The parameters of the hypothesis: slope and intercept.' },
  { word: 'residual', meaning: 'Prediction minus target, h(x) − y.' },
  { word: 'loss', meaning: 'One number for how wrong the hypothesis is; here half the mean of the squared residuals.' },
  { word: 'partial derivative', meaning: 'The slope of the loss along one parameter, with the others fixed.' },
  { word: 'gradient', meaning: 'All partial derivatives together; it points uphill.' },
  { word: 'learning rate λ', meaning: 'The factor by which a step multiplies the gradient.' },
  { word: 'epoch', meaning: 'One pass over all examples.' },
  { word: 'converge, diverge', meaning: 'To come ever closer to the lowest point; to move ever farther away.' },
  { word: 'overshoot', meaning: 'To step past the lowest point to its other side.' },
  { word: 'curvature H', meaning: 'The second derivative: how fast the slope changes with the distance.' },
  {
    word: 'optimizer',
    meaning: 'A rule that turns gradients into steps: gradient descent, momentum, Adam and others.',
  },
  { word: 'batch', meaning: 'The examples that one step uses; all of them, or a few (mini-batch).' },
  { word: 'seed', meaning: 'A number from which random numbers are drawn; the same seed draws the same ones.' },
  { word: 'streaming', meaning: 'Reading all examples again in each epoch.' },
  {
    word: 'moments',
    meaning: 'Sums over the examples from which gradients are calculated without reading them again.',
  },
  { word: 'R²', meaning: 'The share of the spread of the targets that the hypothesis explains; 1 at best.' },
  {
    word: 'standard error',
    meaning: 'How far an estimated weight would typically be off with other data of the same kind.',
  },
  {
    word: 't, p',
    meaning: 'A weight over its standard error; how often chance alone would give a t at least that large.',
  },
  { word: 'log-odds', meaning: 'The logarithm of p/(1 − p); the logistic loss makes it linear in the features.' },
];

export const footer: PageText['footer'] = {
  glossary: 'Glossary',
  furtherReading: 'Further reading',
  references: [
    {
      label: 'I. Goodfellow, Y. Bengio, A. Courville: Deep Learning, section 4.3: gradient-based optimization',
      href: 'https://www.deeplearningbook.org/contents/numerical.html',
    },
    {
      label:
        'L. Bottou, F. E. Curtis, J. Nocedal: Optimization Methods for Large-Scale Machine Learning, SIAM Review 60 (2018)',
      href: 'https://doi.org/10.1137/16M1080173',
    },
    { label: 'G. Goh: Why Momentum Really Works, Distill (2017)', href: 'https://distill.pub/2017/momentum/' },
    { label: 'The reference of the slides for the chain rule', href: 'https://goo.gl/P7kFWW' },
  ],
  teacher: 'For teachers: all tasks and their solutions',
  about:
    'Everything here is calculated in your browser by the library webgpu-descent, whose source holds this page too.',
  licence: 'MIT licence.',
  font: 'Formulas are set in a part of the font STIX Two Math.',
  fontLicence: 'SIL Open Font License.',
};
