import { expect, it } from 'vitest';
import { TASKS } from '../../demo/tasks/all-tasks.js';
import { TEXTS } from '../../demo/text/text.js';

it('there is a text for every task in both languages, and a right choice among its choices', () => {
  for (const { id, check } of TASKS) {
    for (const { tasks } of Object.values(TEXTS)) {
      const { question = '', choices = [], answer: solution } = tasks.items[id] ?? {};
      expect(question, id).not.toBe('');
      expect(solution?.('1'), id).toBeTruthy();
      expect(choices.length, id).toBeGreaterThanOrEqual(check.kind === 'choice' ? 2 : 0);
      if (check.kind === 'choice') expect(choices[check.right], id).toBeTruthy();
    }
  }
});
