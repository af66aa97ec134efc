import { trustedUrl } from '../src/cpu/threads/trusted-url.js';

/** Starts a script of the page itself as a worker, also under trusted types. */
export const openWorker = (url: string): Worker => new Worker(trustedUrl(url), { type: 'module' });
