import { didYouMean } from '../base/nearest-word.js';

/** Values that other libraries have under other names, in lower case without marks, by the value here. */
const ELSEWHERE: Readonly<Record<string, string>> = {
  squared: 'mse l2 ols leastsquares squarederror meansquarederror',
  logistic: 'crossentropy bce logloss binarycrossentropy log',
  huber: 'huberloss smoothl1 mae l1',
  gradientDescent: 'sgd gd',
  nesterov: 'nag',
  adam: 'adamw nadam rmsprop adagrad',
  conjugateGradient: 'cg',
  newton: 'newtoncg newtoncholesky irls',
  lbfgs: 'lbfgsb bfgs',
  inverseScaling: 'invscaling',
  constant: 'none',
  webgpu: 'gpu cuda',
  cpu: 'wasm webassembly',
  f16: 'float16 half fp16',
  f32: 'float32 fp32',
  full: 'all none',
};

const plain = (text: string) => text.replace(/[-_\s]/g, '').toLowerCase();

/** The question after a word that is no value of an option, in front of the advice: the value that has this meaning, or this spelling. */
export function valueMeant(word: unknown, range: string, advice: string): string {
  const values = Array.from(range.matchAll(/'(\w+)'/g), ([, value = '']) => value);
  if (typeof word !== 'string' || values.length === 0) return advice;
  const key = plain(word);
  const meant = values.find((value) => plain(value) === key || ELSEWHERE[value]?.split(' ').includes(key));
  if (meant === undefined) return didYouMean(word, values, advice);
  const more = key === 'sgd' ? ', which with batchSize is SGD' : '';
  return `Did you mean '${meant}'${more}? ${advice}`;
}
