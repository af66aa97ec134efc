import type { ProgramText, TakeText } from './program-ko.js';

/** Section 5 of the page, in English. */
export const program: ProgramText = {
  title: 'The program: the same formulas as a loop',
  short: 'Program',
  lead: 'Here are the formulas as a program. There are two features, x1 and x2, so there are two weights. The results of section 3 are the last three lines of the loop; the boxed part of each is its derivative. Run it line by line, and watch each variable and the path down the loss surface. One pass of the loop over all examples is an epoch.',
  spread: 'Data',
  spreads: {
    centered: 'x from −1 to 1',
    positive: 'x from 0 to 1',
    large: 'x from 0 to 10',
    correlated: 'x1 and x2 almost equal',
  },
  ratio: 'Steepness of the valley, H_max/H_min',
  runs: 'Runs',
  runKinds: {
    one: 'One',
    starts: 'From 16 starts',
    optimizers: 'Compare optimizers',
    batches: 'Compare batch sizes',
  },
  rates: 'λ of each optimizer',
  rateKinds: { own: 'its own fastest', same: 'the same' },
  momentum: 'Momentum μ',
  seed: 'Random seed (decides data and start)',
  seedRange: (largest) => `A seed is a whole number from 0 to ${largest}.`,
  draw: 'New seed',
  line: 'Run a line',
  epoch: 'Run an epoch',
  play: 'Play',
  pause: 'Pause',
  restart: 'Back to the start',
  codeLabel: 'The program, its formulas and the values of its variables',
  surfaceCaption: {
    best: 'The loss surface: w1 to the right, w2 up, stronger colour where the loss is larger. b is at its best value; once b is drawn, the surface is that of the program’s own b. The cross marks the best weights.',
    own: (b) =>
      `The loss surface at the program’s own b = ${b}: w1 to the right, w2 up, stronger colour where the loss is larger. The cross marks the best weights.`,
  },
  surfaceLabel: 'Contours of the loss over w1 and w2, and the paths of the runs',
  lossCaption: 'The loss by epoch, up to the current epoch.',
  lossLabel: 'The curve of the loss by epoch; its values can be saved as CSV.',
  lossAxis: 'Loss L',
  epochAxis: 'Epoch',
  axis: 'Axis of the loss',
  axes: { log: 'logarithmic', linear: 'linear' },
  run: 'Method',
  limit: 'Limit of λ',
  lossNow: 'Loss L now',
  arrives: 'Epochs to arrive',
  arrivesNot: (epochs) => `not in ${epochs}`,
  methods: {
    gradientDescent: 'Gradient descent',
    momentum: 'Momentum',
    nesterov: 'Nesterov',
    adam: 'Adam',
    batch16: 'Batches of 16',
    batch1: 'Batches of 1',
  },
  divergedShort: 'diverged',
  crowd: (count, least, most) => `Losses of ${count} runs: ${least} to ${most}`,
  notBegun: '“Run a line” executes the first line.',
  stand: (epochs, values, loss) =>
    `${epochs} ${epochs === 1 ? 'epoch' : 'epochs'} done. (w1, w2, b) = (${values}), loss ${loss}.`,
  diverged: (epochs, limit) =>
    `Diverged after ${epochs} ${epochs === 1 ? 'epoch' : 'epochs'}. For these data λ must stay under the limit ${limit}.`,
  onePass:
    'All sixteen runs share one pass over the data per epoch. Wherever they start, they end in the same place, because this loss has a single lowest point.',
  comparison:
    'The optimizers start at the same place and use the same gradients; they differ in the step that they make of them. Momentum keeps a share μ of the previous step and adds the new one. Nesterov evaluates the gradient at the point that momentum would reach. Adam divides by the size of each parameter’s recent gradients, so its steps are about equally long, and no limit of λ follows from the curvature. A method has arrived when one ten-thousandth of the loss above the lowest is left.',
  verdicts: {
    measured: (plainRate, plainEpochs, momentum, rate, epochs) =>
      `Measured on these data, each at its own fastest λ: gradient descent (λ = ${plainRate}) arrives after ${plainEpochs} epochs, momentum (μ = ${momentum}, λ = ${rate}) after ${epochs}.`,
    ahead: 'Here momentum is ahead.',
    behind: 'Here momentum is behind: it runs past the lowest point and comes back.',
    even: 'Here they are even.',
  },
  batches:
    'With batches of 16 or of 1 the loop updates the parameters after each batch: an epoch then makes 63 or 1,000 updates instead of one. Each follows the gradient of its batch only, so the path is noisy; at a constant λ it does not settle but moves around the lowest point, and more so the smaller the batch and the larger λ.',
  batchLimit: (limit) => `One example alone allows less: its updates are stable under λ = ${limit}.`,
  map: 'Every λ with every momentum',
  mapLead:
    'Each cell is a run of its own, all made in one call of fitMany. The stronger the colour, the fewer epochs it takes to arrive; an empty cell does not arrive in 100 or diverges. Click a cell to compare with it.',
  mapLabel: 'Epochs to arrive, by learning rate and momentum; the values can be saved as CSV.',
  mapFastest: (rate, momentum, epochs) =>
    `Fastest: λ = ${rate} with μ = ${momentum}, ${epochs} epochs (the framed cell).`,
  mapPlain: (rate, epochs) => `Without momentum, the lowest row, the fastest is λ = ${rate} with ${epochs}.`,
  mapNone: 'Without momentum, the lowest row, no λ arrives in 100 epochs.',
  moreThan: (epochs) => `more than ${epochs}`,
};

/** The program as a file. */
export const take: TakeText = {
  title: 'Take the program along',
  lead: 'The loop with these data and this start, as a file that runs and prints the parameters.',
  language: 'Language',
  languages: { numpy: 'Python with NumPy', typescript: 'TypeScript' },
  copy: 'Copy',
  download: 'Download',
  copied: 'Copied.',
  notCopied: 'The browser does not allow copying here. Download it instead.',
  more: (rows) => `… ${rows} more rows, which the copy and the file have`,
};
