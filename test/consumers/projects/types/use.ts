import { DescentError, fit, type FitOptions } from 'webgpu-descent';
import { csvSource } from 'webgpu-descent/csv';
import { loadModel } from 'webgpu-descent/model';
import { createWorker } from 'webgpu-descent/worker';
import { momentsPlan } from 'webgpu-descent/sql';
import 'webgpu-descent/worker-entry';

interface Table {
  area: number[];
  rooms: Float32Array;
}

export async function use(table: Table, signal: AbortSignal | undefined): Promise<number> {
  const options = { optimizer: 'adam', epochs: 5 } as const satisfies FitOptions;
  const model = await fit({ columns: table, targets: [1, 2, 3] }, { ...options, signal });
  const worker = createWorker();
  const other = await worker.fit(csvSource('x,y', { target: 'y' }), { transfer: true });
  worker.close();
  const loaded = await loadModel(model.toJSON());
  const [first = 0] = await loaded.predict({ area: [1], rooms: [2] });
  void momentsPlan;
  if (other.report.converged) throw new DescentError('DISPOSED', { got: '', expected: '', fix: '' });
  return first + model.report.epochsRun;
}
