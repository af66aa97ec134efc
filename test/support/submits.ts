import { vi } from 'vitest';

/**
 * Calls the listener after every submit with commands from now on, with the number of them so far. Empty submits, which are
 * there while something is awaited, do not count. Returns a function that tells the number.
 */
export function onSubmit({ queue }: GPUDevice, listener: (count: number) => unknown = () => undefined): () => number {
  let count = 0;
  const submit = queue.submit.bind(queue);
  vi.spyOn(queue, 'submit').mockImplementation((commands) => {
    const all = [...commands];
    submit(all);
    if (all.length > 0) listener(++count);
  });
  return () => count;
}
