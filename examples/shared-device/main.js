// One GPUDevice trains and draws: the shader of the picture reads the buffers that training reads.
import { contextFromDevice, fitSteps, generateExamples, syntheticRegression } from 'webgpu-descent';
import { Picture } from './picture.js';

const output = document.querySelector('output');
const adapter = await navigator.gpu?.requestAdapter();
if (adapter) {
  const device = await adapter.requestDevice();
  const context = contextFromDevice(device); // it stays ours
  const synthetic = syntheticRegression({ rows: 20_000, features: 1, weights: [0.6], bias: 0.1, noise: 0.1, seed: 3 });
  const examples = await generateExamples(synthetic, { context });
  const picture = new Picture(device, document.querySelector('canvas'), examples);
  const steps = fitSteps(examples, { context, learningRate: 0.3, epochs: 60, epochsPerStep: 2, standardize: false });
  for await (const { weights, bias } of steps) {
    picture.draw(weights[0], bias);
    await new Promise((drawn) => requestAnimationFrame(drawn));
  }
  const { weights, bias } = await steps.model();
  output.textContent = `${weights[0].toFixed(2)}, ${bias.toFixed(2)}`;
  examples.destroy();
} else {
  output.textContent = 'This example needs WebGPU: see checkSupport().';
}
