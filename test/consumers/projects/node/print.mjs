import { inWorker } from '../in-worker.js';
import { outcome } from '../outcome.js';

console.log(JSON.stringify({ answers: await outcome({ backend: 'cpu' }), worker: await inWorker() }));
