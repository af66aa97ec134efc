import type { ScaleText } from './scale-ko.js';

/** Section 6 of the page, in English. */
export const scale: ScaleText = {
  short: 'At scale',
  title: 'At scale: the same loop on ten million examples',
  lead: 'Formulas and loop stay as they are; only m, the number of examples, grows. The GPU makes the examples from their seed, and training and picture read the same buffers in its memory. With one feature x the examples are points in a plane, and h(x) is a line; with two, x1 and x2, they are points in space, and h(x) is a plane.',
  onCpu: {
    missing:
      'This browser has no WebGPU, so the library’s CPU engine makes the examples in a worker and trains there: up to 1,000,000 of them.',
    batches:
      'Batches are drawn at random, and examples that the GPU has generated keep their order. So the library’s CPU engine makes the examples in a worker and trains there: up to 1,000,000 of them.',
  },
  batch: 'Batch size',
  allAtOnce: 'all',
  updates: 'Updates per epoch',
  rows: 'Examples m',
  suggestion: (rows, ms) => `Up to ${rows} examples suit this device: an epoch then takes about ${ms} ms.`,
  room: (rows) => `There is room for ${rows} examples here; only these are made.`,
  take: (rows) => `Take ${rows}`,
  pace: 'Speed',
  paces: { one: 'one epoch per frame', full: 'as fast as possible' },
  seed: 'Random seed',
  draw: 'New seed',
  seedRange: (largest) => `A seed is a whole number from 0 to ${largest}.`,
  play: 'Play',
  pause: 'Pause',
  one: 'One epoch',
  restart: 'Back to the start',
  shape: 'Hypothesis h(x)',
  shapes: { line: '1 feature: a line', plane: '2 features: a plane' },
  pictureLabels: {
    line: 'The points of the data and the line that moves over them',
    plane: 'The points of the data in space and the plane that moves through them',
  },
  pictureCaptions: {
    line: 'The stronger the colour, the more points. Solid: the current h(x). Dashed: the true line behind the data.',
    plane:
      'The stronger the colour, the more points. The plane with the grid is the current h(x); the dashed outline is the true plane behind the data. Drag the picture sideways to turn it.',
  },
  outside: (limit) => `h(x) has left the picture: descent diverges. λ must stay under ${limit}.`,
  turn: 'Turned by',
  degrees: (turn) => `${turn}°`,
  drawn: (drawn, rows) => `${drawn} of ${rows} points are drawn.`,
  allDrawn: (rows) => `All ${rows} points are drawn.`,
  lossCaption: (least) =>
    `The loss by epoch. Noise keeps it above 0: it ends near ${least}, half the variance of the noise.`,
  noLossYet: 'The curve begins with the first epoch.',
  lossLabel: 'The curve of the loss by epoch; its values can be saved as CSV.',
  epoch: 'Epoch',
  loss: 'Loss L',
  w: 'Weight w (true)',
  w1: 'Weight w1 (true)',
  w2: 'Weight w2 (true)',
  b: 'Bias b (true)',
  valueAndTruth: (value, truth) => `${value} (${truth})`,
  epochsPerSecond: 'Epochs per second, in play',
  gigabytesPerSecond: 'Read, in play',
  gigabytes: (value) => `${value} GB/s`,
  preparing: (rows) => `Generating ${rows} examples …`,
  ready: (rows) => `${rows} examples ready. Press Play to train.`,
  stand: (epochs, loss) => `${epochs} ${epochs === 1 ? 'epoch' : 'epochs'} done. Loss ${loss}.`,
  ended: (epochs, loss) => `All ${epochs} epochs done. Loss ${loss}.`,
  diverged: (epochs, limit) =>
    `Diverged after ${epochs} ${epochs === 1 ? 'epoch' : 'epochs'}. Take λ under the limit ${limit} and go back to the start.`,
  resumed: (epoch) =>
    `The GPU went away. A new device has made the same examples from their seed, and goes on from where epoch ${epoch} ended.`,
  more: 'Seed, and a size that suits this device',
  compareTitle: 'How long it takes',
  compareLead:
    'The same program, with the same λ and start, for 100 epochs and without a picture. Streaming reads all examples in every epoch. Moments reads them once and adds up squares and products; the epochs then need only those few numbers, since the loss is a quadratic function of the weights and b, so the path is the same.',
  compare: 'Time streaming and moments',
  compareCpu: 'Time the CPU engine',
  measuring: {
    streaming: 'Timing streaming on the GPU …',
    moments: 'Timing moments …',
    cpu: 'Timing the CPU engine …',
  },
  ways: { streaming: 'Streaming, GPU', moments: 'Moments', cpu: 'Streaming, CPU engine' },
  rowNames: {
    device: 'Where',
    prepare: 'Preparation',
    epoch: 'One epoch',
    hundred: '100 epochs',
    total: 'Preparation and 100 epochs',
    perSecond: 'Epochs per second',
    bandwidth: 'Read speed',
    firstLoss: 'Loss after 1 epoch',
    lastLoss: 'Loss after 100 epochs',
  },
  places: {
    software: 'software adapter',
    cpu: (threads) => `CPU (${threads} ${threads === 1 ? 'thread' : 'threads'})`,
  },
  ms: (value) => `${value} ms`,
  about: (value) => `about ${value}`,
  notes:
    'Preparation: for streaming, scanning and arranging the values; for moments, one pass over the examples in the memory of a worker. Generating the examples is left out. Read speed: bytes of x and y per epoch (4 per number), divided by the time of an epoch. What is too quick for the clock is repeated until it takes 20 ms. The CPU engine is what the library uses where it does not use a GPU: WebAssembly in f32, in a worker. For large data only a few epochs are timed there; 100 is an estimate.',
  faster: (times) => `An epoch on the GPU is ${times} times as fast as one of the CPU engine.`,
  slower: (times) => `An epoch of the CPU engine is ${times} times as fast as one on the GPU.`,
  softwareNote:
    'This adapter runs shaders on the CPU, not on a GPU: the library would choose the CPU engine here. On a real GPU the result will differ.',
  smallNote: 'With little data, handing work to the GPU and waiting for it takes longer than the work.',
  saved: 'Times of the benchmark',
  savedLead: ({ browser, cpu, cores, adapter, date }) =>
    `Milliseconds per epoch from the last saved run of the benchmark: ${browser}, ${cpu} with ${cores} cores, ${adapter}, ${date}.`,
  savedSize: 'Examples × features',
  savedLink: 'To the benchmark page',
};
