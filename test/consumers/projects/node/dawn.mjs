// Node with Dawn, by npm's package webgpu.
import { createContext, fit } from 'webgpu-descent';
import { answerOf, data } from '../outcome.js';

const context = await createContext();
const model = await fit(data, { context, optimizer: 'gradientDescent' });
context.dispose();
console.log(JSON.stringify(answerOf(model)));
