// The program as a file that runs: its data in it, the start that was drawn, and the loop of the slides.

/** The data that a program trains on, and its start. */
export interface ProgramSource {
  /** [d][m] */
  columns: readonly ArrayLike<number>[];
  targets: ArrayLike<number>;
  featureNames: readonly string[];
  targetName: string;
  /** The parameters before the first epoch. */
  weights: readonly number[];
  bias: number;
  rate: number;
  epochs: number;
  loss: 'squared' | 'logistic';
  /** Each feature is shifted and scaled to mean 0 and standard deviation 1 first. */
  isStandardized: boolean;
}

/** f32 has no more. */
const DIGITS = 9;

export const LANGUAGES = ['numpy', 'typescript'] as const;
export type ProgramLanguage = (typeof LANGUAGES)[number];

/** The file that each text is saved as. */
export const FILE_NAMES: Readonly<Record<ProgramLanguage, string>> = {
  numpy: 'gradient_descent.py',
  typescript: 'gradient-descent.ts',
};

export function programText(language: ProgramLanguage, source: ProgramSource): string {
  return language === 'numpy' ? numpyText(source) : typescriptText(source);
}

function numpyText(source: ProgramSource): string {
  const { featureNames, weights, bias, rate, epochs, loss, isStandardized } = source;
  const x = featureNames.map((_, j) => `x${j + 1}`);
  const w = featureNames.map((_, j) => `w${j + 1}`);
  const sum = [...w.map((name, j) => `${x[j]} * ${name}`), 'b'].join(' + ');
  const lines = [
    '# Gradient descent. Needs Python 3 with NumPy: python3 gradient_descent.py',
    ...namesOf(source).map((words) => `# ${words}`),
    'import numpy as np',
    '',
    `data = np.array([`,
    ...rowsOf(source).map((row) => `    [${row}],`),
    '])',
    `${[...x, 'y'].join(', ')} = data.T`,
    ...(isStandardized ? x.map((name) => `${name} = (${name} - ${name}.mean()) / ${name}.std()`) : []),
    '',
    `num_epoch = ${epochs}`,
    `learning_rate = ${numberText(rate)}`,
    '',
    ...w.map((name, j) => `${name} = ${numberText(weights[j] as number)}`),
    `b = ${numberText(bias)}`,
    '',
    'for epoch in range(num_epoch):',
    loss === 'logistic' ? `    y_predict = 1 / (1 + np.exp(-(${sum})))` : `    y_predict = ${sum}`,
    '',
    ...w.map((name, j) => `    ${name} = ${name} - learning_rate * ((y_predict - y) * ${x[j]}).mean()`),
    '    b = b - learning_rate * (y_predict - y).mean()',
    '',
    `print(${[...w, 'b'].join(', ')})`,
  ];
  return `${lines.join('\n')}\n`;
}

function typescriptText(source: ProgramSource): string {
  const { featureNames, weights, bias, rate, epochs, loss, isStandardized } = source;
  const lines = [
    '// Gradient descent. Needs Node 22.18 or later: node gradient-descent.ts',
    ...namesOf(source).map((words) => `// ${words}`),
    'const data: number[][] = [',
    ...rowsOf(source).map((row) => `  [${row}],`),
    '];',
    `const featureCount = ${featureNames.length};`,
    'const x = data.map((row) => row.slice(0, featureCount));',
    'const y = data.map((row) => row[featureCount] as number);',
    ...(isStandardized ? STANDARDIZE : []),
    '',
    `const epochs = ${epochs};`,
    `const learningRate = ${numberText(rate)};`,
    `let w: number[] = [${weights.map(numberText).join(', ')}];`,
    `let b = ${numberText(bias)};`,
    '',
    'for (let epoch = 0; epoch < epochs; epoch++) {',
    '  const residuals = x.map((row, i) => {',
    '    const sum = row.reduce((total, value, j) => total + value * (w[j] as number), b);',
    loss === 'logistic' ? '    const prediction = 1 / (1 + Math.exp(-sum));' : '    const prediction = sum;',
    '    return prediction - (y[i] as number);',
    '  });',
    '  const mean = (values: number[]) => values.reduce((total, value) => total + value, 0) / values.length;',
    '  w = w.map((weight, j) => weight - learningRate * mean(residuals.map((r, i) => r * (x[i]?.[j] as number))));',
    '  b = b - learningRate * mean(residuals);',
    '}',
    '',
    "console.log([...w, b].join(' '));",
  ];
  return `${lines.join('\n')}\n`;
}

const STANDARDIZE = [
  'for (let j = 0; j < featureCount; j++) {',
  '  const column = x.map((row) => row[j] as number);',
  '  const mean = column.reduce((total, value) => total + value, 0) / column.length;',
  '  const spread = Math.sqrt(column.reduce((total, value) => total + (value - mean) ** 2, 0) / column.length);',
  '  for (const row of x) row[j] = ((row[j] as number) - mean) / spread;',
  '}',
];

/** The columns by their names in the file; a name may hold anything but the end of a comment. */
function namesOf({ featureNames, targetName }: ProgramSource): string[] {
  const plain = (name: string) => name.replace(/[\s\u2028\u2029]+/g, ' ');
  return [...featureNames.map((name, j) => `x${j + 1}: ${plain(name)}`), `y: ${plain(targetName)}`];
}

function rowsOf({ columns, targets }: ProgramSource): string[] {
  return Array.from(targets, (y, i) => [...columns.map((column) => column[i] as number), y].map(numberText).join(', '));
}

function numberText(value: number): string {
  return String(Number(value.toPrecision(DIGITS)));
}
