import { createWorker } from 'webgpu-descent/worker';

const progress = document.querySelector('progress');
const features = new Float32Array(400_000).map((_, i) => Math.sin(i * i));
const targets = new Float32Array(200_000).map((_, i) => 3 * features[2 * i] - 2 * features[2 * i + 1] + 0.5);

const worker = createWorker();
const model = await worker.fit(
  { features, targets, featureCount: 2 },
  {
    optimizer: 'gradientDescent',
    epochs: 300,
    transfer: true, // the buffers move to the worker; the arrays are empty here from now on
    onProgress: ({ epoch, epochs }) => (progress.value = epoch / epochs),
  },
);
worker.close();

const shown = [...model.weights, model.bias].map((value) => value.toFixed(2));
document.querySelector('output').textContent = shown.join(', ');
