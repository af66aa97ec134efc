import { csvSource } from 'webgpu-descent/csv';
import { fit } from 'webgpu-descent';
import { outcome } from '../outcome.js';

async function all() {
  const { weights } = await fit(csvSource('a,y\n1,3\n2,5\n3,7\n', { target: 'y' }));
  return { answers: await outcome(), slope: weights[0] };
}

globalThis.outcome = all();
