import type { PageText } from './text.js';

/** The page in English. */
export const en: PageText = {
  title: 'Gradient descent, seen at work',
  subtitle: 'From one line of mathematics to the same loop on ten million examples on the GPU.',
  skip: 'Skip to the content',
  sections: 'Contents',
  language: 'Language',
  theme: 'Colours',
  themes: { auto: 'Automatic', light: 'Light', dark: 'Dark' },
  savePng: 'Save PNG',
  saveCsv: 'Save CSV',
  parameterNames: { w: 'Weight w', b: 'Bias b' },
  unknownWords: (words: string) => `Some of the address means nothing here and has its default instead: ${words}`,
  device: {
    onDevice: (name: string) => `GPU: ${name}`,
    onSoftware: (name: string) => `GPU: ${name} (a software adapter, which runs on the CPU)`,
    onCpu: 'Calculated on the CPU, without a GPU.',
    missing:
      'There is no WebGPU in this browser. Sections 1 to 5 work all the same, on the CPU; the large data of section 6 need WebGPU. Open the page in a recent Chrome, Edge, Safari or Firefox, over https or from localhost, and switch graphics (hardware) acceleration on in the browser’s settings.',
    reason: 'The reason given: ',
    lost: 'The GPU went away while in use and was opened anew. The calculation goes on.',
  },
  problem: {
    title: 'The problem: a line through points',
    lead: 'Given the values below, a loss function says in a single number how well a line meets the data. Drag the line by hand until it fits.',
    symbols: [
      { name: 'm', meaning: 'the number of examples' },
      { name: 'x', meaning: 'the feature of example i' },
      { name: 'y', meaning: 'the target (label) of example i' },
      { name: 'w', meaning: 'the weight: the slope of the line' },
      { name: 'b', meaning: 'the bias: where the line meets the y axis' },
    ],
    presets: 'Data',
    presetNames: {
      line: 'Close to a line',
      far: 'Far from x = 0',
      outlier: 'One point off',
      two: 'Two points',
      wide: 'Large x',
    },
    caption:
      'The stroke at each point is its residual h(x) − y; the square on it has the residual’s square as its area.',
    plotLabel:
      'Points, the line and the squares of the residuals. Points and both ends of the line move by arrow keys.',
    pointRole: 'movable point',
    pointLabel: (number, x, y) => `Point ${number}: x ${x}, y ${y}`,
    handleLabels: ['Left end of the line', 'Right end of the line'],
    handleValue: (height, w, b) => `height ${height}, w ${w}, b ${b}`,
    count: 'Examples m',
    meanSquare: 'Mean area of the squares',
    loss: 'Half of it, the loss L',
    isBest: (loss) => `Loss ${loss}: no line fits better.`,
    isWorse: (loss, best) => `Loss ${loss}. The best line has ${best}.`,
    showBest: 'Show the best line',
    addPoint: 'Add a point',
    help: 'Click an empty place to add a point; drag points and the line to move them. A double click, or the Delete key, removes a point.',
    squares:
      'Add up the areas of the squares, take their mean, halve it: that is the loss L. Why it is halved shows in section 3, when we take the derivative. The loss function is also called cost function or objective function.',
  },
};
