// The tasks: each can be solved as its answer says, is told from a wrong answer, counted, and carried by a link.

import { describe, expect, it } from 'vitest';
import { LINE_TASKS } from '../../demo/tasks/line-tasks.js';
import { TASKS } from '../../demo/tasks/all-tasks.js';
import { startOf, toHash } from '../../demo/page/state.js';
import { TEXTS } from '../../demo/text/text.js';
import { withoutWebGpu } from '../support/built-site.js';
import { withTeachingPage } from '../support/teaching-page.js';

const TIMEOUT_MS = 60_000;

const shown = withTeachingPage();

const openTask = (id: string) => {
  const hash = toHash({ ...startOf(id), language: 'en' }).slice(1);
  return shown.open(hash, withoutWebGpu);
};
const isDone = (id: string) => shown.page.$eval(`#task-${id}`, ({ classList }) => classList.contains('done'));
const becomesDone = (id: string) => shown.page.waitForSelector(`#task-${id}.done`);
const says = (id: string, words: string) => shown.says(`#task-${id} .verdict`, words);

async function answer(id: string, value: string): Promise<void> {
  await shown.page.$eval(
    `#task-${id} input`,
    (field, words) => {
      field.value = words;
    },
    value,
  );
  await shown.press(`#task-${id}`, 'Check');
}

/** How a student brings about what a task asks for. */
const DEEDS: Readonly<Record<string, () => Promise<unknown>>> = {
  'problem-fit': async () => {
    await shown.slide('#problem .slider:nth-of-type(1) input', 0.95);
    await shown.slide('#problem .slider:nth-of-type(2) input', 0.33);
  },
  'loss-lowest': () => shown.slide('#loss .slider:nth-of-type(1) input', 0.93),
  'step-once': async () => {
    await shown.page.$eval('#step .mark.best', (button) => (button as HTMLButtonElement).click());
    await shown.press('#step', 'One step');
  },
};

describe('the tasks of sections 1 to 4', { timeout: TIMEOUT_MS }, () => {
  const of = (kind: 'reach' | 'number' | 'choice') => LINE_TASKS.filter(({ check }) => check.kind === kind);

  it.each(of('reach').map(({ id }) => id))('%s is done by doing it, and not before', async (id) => {
    await openTask(id);
    expect(await isDone(id)).toBe(false);
    await DEEDS[id]?.();
    await becomesDone(id);
    await says(id, 'Correct!');
  });

  it.each(of('number').map(({ id }) => id))('%s takes its number, however it is written, and no other', async (id) => {
    const { check } = LINE_TASKS.find((task) => task.id === id) ?? {};
    if (check?.kind !== 'number') throw new TypeError(id);
    const expected = await check.expected();
    await openTask(id);
    for (const wrong of [expected + 3 * check.tolerance, -expected, 10 * expected]) {
      await answer(id, String(wrong));
      await says(id, 'Not yet. Think again.');
    }
    await answer(id, 'about one');
    await says(id, 'Enter a number.');
    await answer(id, expected.toPrecision(3).replace('.', ','));
    await becomesDone(id);
  });

  it.each(of('choice').map(({ id }) => id))('%s takes the right choice, and no other', async (id) => {
    const { check } = LINE_TASKS.find((task) => task.id === id) ?? {};
    if (check?.kind !== 'choice') throw new TypeError(id);
    const { right } = check;
    await openTask(id);
    const choices = TEXTS.en.tasks.items[id]?.choices ?? [];
    for (const i of choices.keys()) if (i !== right) await shown.page.select(`#task-${id} select`, String(i));
    expect(await isDone(id)).toBe(false);
    await shown.page.select(`#task-${id} select`, String(right));
    await becomesDone(id);
  });

  it('say of the choices what the page shows', async () => {
    // 'loss-tilt': as b grows, the w of the lowest loss gets smaller where every x is positive.
    const lowest = async () =>
      Number((/at w = (\S+)\./.exec(await shown.text('#loss .status')) ?? [])[1]?.replace('−', '-'));
    await openTask('loss-tilt');
    const before = await lowest();
    await shown.slide('#loss .slider:nth-of-type(2) input', 0);
    await shown.shows('loss', 'lowest', () => true, 'a number');
    await shown.says('#problem .slider:nth-of-type(2) .shown', /^0\.000$/);
    expect(await lowest()).toBeLessThan(before);
    // 'problem-double': residuals of 1 and of 2.
    await shown.goTo('language=en&points=-1,1;1,1&w=0&b=0');
    const single = await shown.value('problem', 'loss');
    await shown.goTo('language=en&points=-1,2;1,2&w=0&b=0');
    await shown.shows('problem', 'loss', (value) => value === 4 * single, '4 times as much');
    // 'derivation-sign': every x positive, the line above every point.
    await shown.goTo('language=en&points=1,0;2,1&w=0&b=3');
    await shown.shows('loss', 'slope', (value) => value > 0, 'a positive slope');
  });
});

describe('a task', { timeout: TIMEOUT_MS }, () => {
  it('is counted, stays done in the address, and begins where it should', async () => {
    await shown.open('language=en&w=3&rate=1', withoutWebGpu);
    await shown.page.$$eval('#step .tasks', ([tasks]) => ((tasks as HTMLDetailsElement).open = true));
    expect(await shown.text('#step .tasks > summary')).toBe('Tasks: 0 of 3 done');
    await shown.press('#task-step-next', 'Begin');
    await shown.shows('step', 'w', (value) => value === 0, '0');
    await shown.says('#step .rate-slider .shown', '0.500');
    await answer('step-next', '0.5');
    await becomesDone('step-next');
    expect(await shown.text('#step .tasks > summary')).toBe('Tasks: 1 of 3 done');
    await shown.page.waitForFunction(() => location.hash.includes('task=step-next&done=step-next'));
    await shown.page.reload();
    await shown.page.waitForSelector('#task-step-next.done');
    await shown.shows('step', 'w', (value) => value === 0, '0'); // the task's start, which the address need not repeat
  });

  it('is begun by its name alone, at its section', async () => {
    await shown.open('language=en&task=step-limit', withoutWebGpu);
    await shown.page.waitForSelector('nav a[data-section="step"][aria-current]');
    expect(await shown.page.$eval('#step details.tasks', (tasks) => tasks.hasAttribute('open'))).toBe(true);
    // Mean of x² of the points from 1 to 5.
    await shown.shows('step', 'w', (value) => value === -0.5, 'as it begins');
    await shown.says('#problem .choice', 'Far from x = 0');
    expect(await shown.page.$eval('#problem input[value="far"]', (input) => input.matches(':checked'))).toBe(true);
  });

  it('that is unknown is said', async () => {
    await shown.open('language=en&task=nothing', withoutWebGpu);
    expect(await shown.text('#address-banner')).toMatch(/task=nothing$/);
  });
});

describe('the list of a teacher', { timeout: TIMEOUT_MS }, () => {
  it.each(['en', 'ko'] as const)(
    'has every task with its answer, and links that begin them, in %s',
    async (language) => {
      await shown.open(`language=${language}`, withoutWebGpu);
      await shown.page.goto(`${shown.site.url}?teacher#language=${language}`);
      await shown.page.waitForFunction(() =>
        [...document.querySelectorAll('.answer')].every(({ textContent }) => textContent),
      );
      const listed = await shown.page.$$eval('[data-task]', (items) =>
        items.map((item) => ({ id: item.getAttribute('data-task'), href: item.querySelector('a')?.href ?? '' })),
      );
      expect(listed.map(({ id }) => id)).toEqual(TASKS.map(({ id }) => id));
      for (const { id, href } of listed) expect(new URL(href).hash).toContain(`task=${String(id)}`);
      const [example] = await shown.page.$$eval('[data-task="step-next"] .answer', (all) =>
        all.map((one) => one.textContent),
      );
      expect(example).toContain('= 0.500');
    },
  );
});
