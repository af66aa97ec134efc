import { expect, it } from 'vitest';
import { StepQueue } from '../../demo/lesson/step-queue.js';

it('makes steps one after another', async () => {
  const queue = new StepQueue();
  let place = 0;
  const step = () =>
    queue.add(async () => {
      const from = place;
      await Promise.resolve();
      place = from + 1;
      return true;
    });
  expect(await Promise.all([step(), step(), step()])).toEqual([true, true, true]);
  expect(place).toBe(3);
});

it('drops the step that is on its way, and those that wait for it', async () => {
  const queue = new StepQueue();
  const made: string[] = [];
  const step = (name: string) =>
    queue.add(async (isWanted) => {
      await Promise.resolve();
      if (!isWanted()) return false;
      made.push(name);
      return true;
    });
  const [first, second] = [step('first'), step('second')];
  await Promise.resolve(); // the first has begun
  queue.drop();
  const third = step('third');
  expect(await Promise.all([first, second, third])).toEqual([false, false, true]);
  expect(made).toEqual(['third']);
});

it('goes on after a step that failed', async () => {
  const queue = new StepQueue();
  await expect(queue.add(() => Promise.reject(new Error('no room')))).rejects.toThrow('no room');
  expect(await queue.add(() => Promise.resolve(true))).toBe(true);
});
