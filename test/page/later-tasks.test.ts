// The tasks of sections 5 to 9: each can be solved as its answer says, and is not done before.

import { describe, expect, it } from 'vitest';
import { startOf, toHash } from '../../demo/page/state.js';
import { LATER_TASKS } from '../../demo/tasks/later-tasks.js';
import { TEXTS } from '../../demo/text/text.js';
import { withTeachingPage } from '../support/teaching-page.js';

const shown = withTeachingPage();

const openTask = async (id: string) => shown.open(toHash({ ...startOf(id), language: 'en' }).slice(1));
const isDone = (id: string) => shown.page.$eval(`#task-${id}`, ({ classList }) => classList.contains('done'));
const becomesDone = (id: string) => shown.page.waitForSelector(`#task-${id}.done`);
const click = (selector: string) => shown.page.$eval(selector, (element) => (element as HTMLElement).click());
const ofKind = (kind: 'reach' | 'number' | 'choice') => LATER_TASKS.filter(({ check }) => check.kind === kind);

/** How a student brings about what a task asks for. */
const DEEDS: Readonly<Record<string, () => Promise<unknown>>> = {
  'program-momentum': async () => {
    await click('#program details.map summary');
    const cell = await shown.page.waitForSelector('#program .map .cell.fastest');
    await cell?.evaluate((element) => element.scrollIntoView({ block: 'center', behavior: 'instant' }));
    await cell?.click();
  },
  'scale-diverge': async () => {
    await shown.says('#scale .status', '10,000 examples ready');
    await click('#scale .mark.limit');
    await shown.press('#scale', 'Play');
  },
  'own-arrive': async () => {
    await shown.press('#own', 'Speed and stopping distance');
    await shown.says('#own .own-play', 'Press Play to watch');
    await click('#own .own-play input[value="yes"]');
    await shown.slide('#own .own-play input[type="range"]', 0.5);
    await shown.shows('own', 'epoch', (value) => value === 0, '0');
    await shown.press('#own .own-play', 'Play');
  },
  'classes-apart': async () => {
    await shown.page.waitForSelector('#classes .s-curve');
    await shown.press('#classes', 'Play');
  },
  'noise-degree': async () => {
    await shown.page.waitForSelector('#noise .degree-mark');
    await shown.slide('#noise input[max="9"]', await shown.value('noise', 'best-degree'));
  },
};

describe('the tasks of sections 5 to 9', { timeout: 60_000 }, () => {
  it.each(ofKind('reach').map(({ id }) => id))('%s is done by doing it, and not before', async (id) => {
    await openTask(id);
    await shown.page.waitForSelector(`#task-${id}`);
    expect(await isDone(id)).toBe(false);
    await DEEDS[id]?.();
    await becomesDone(id);
  });

  it.each(ofKind('number').map(({ id }) => id))('%s takes its number and no other', async (id) => {
    const { check } = LATER_TASKS.find((task) => task.id === id) ?? {};
    if (check?.kind !== 'number') throw new TypeError(id);
    const expected = await check.expected();
    await openTask(id);
    const answer = async (value: number) => {
      await shown.page.$eval(`#task-${id} input`, (field, words) => (field.value = words), value.toPrecision(3));
      await shown.press(`#task-${id}`, 'Check');
    };
    await answer(expected * 1.5);
    await shown.says(`#task-${id} .verdict`, 'Not yet. Think again.');
    expect(await isDone(id)).toBe(false);
    await answer(expected);
    await becomesDone(id);
  });

  it('have one right choice each', async () => {
    for (const { id, check } of ofKind('choice')) {
      if (check.kind !== 'choice') continue;
      expect(check.right).toBeLessThan(TEXTS.en.tasks.items[id]?.choices?.length ?? 0);
      expect(TEXTS.ko.tasks.items[id]?.choices).toHaveLength(TEXTS.en.tasks.items[id]?.choices?.length ?? -1);
    }
    await openTask('classes-loop');
    await shown.page.waitForSelector('#task-classes-loop');
    await shown.page.select('#task-classes-loop select', '0');
    expect(await isDone('classes-loop')).toBe(false);
    await shown.page.select('#task-classes-loop select', '2');
    await becomesDone('classes-loop');
  });
});
