import { LATER_TASKS } from './later-tasks.js';
import { LINE_TASKS } from './line-tasks.js';
import type { Task } from './task.js';

/** Every task of the page, in the order of the sections. */
export const TASKS: readonly Task[] = [...LINE_TASKS, ...LATER_TASKS];

export function taskOf(id: string): Task | undefined {
  return TASKS.find((task) => task.id === id);
}
