// The worker of section 6: what would hold up the page is calculated here.

import { DescentError } from '../../src/index.js';
import { type Answer, type Job, work } from './scale-measure.js';

addEventListener('message', ({ data }: MessageEvent<Job>) => {
  void work(data).then(
    (measured) => answer({ measured }),
    (error: unknown) => answer({ message: error instanceof DescentError ? error.message : String(error) }),
  );
});

function answer(words: Answer): void {
  postMessage(words);
}
