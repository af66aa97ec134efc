// The tasks of a section: begun by a button or by a link, checked by the page, counted.

import { create } from '../../pages/dom.js';
import type { Task } from '../tasks/task.js';
import { TASKS } from '../tasks/all-tasks.js';
import type { TaskText } from '../tasks/task.js';
import { button, freshId } from './controls.js';
import { copyLink } from './copy-link.js';
import type { Page } from './section.js';
import { type SectionId, startOf } from './state.js';

/** Adds the tasks of a section below it; nothing where it has none. */
export function mountTasks(host: HTMLElement, section: SectionId, page: Page): void {
  const { text, store, signal } = page;
  const own = TASKS.filter((task) => task.section === section);
  if (own.length === 0) return;
  const summary = create('summary');
  const list = create('ol', {}, ...own.map((task) => taskElement(task, page)));
  const details = create('details', { class: 'tasks' }, summary, list);
  details.open = own.some(({ id }) => id === store.state.task);
  host.append(details);
  const count = () => {
    const { done, task } = store.state;
    summary.textContent = text.tasks.title(own.filter(({ id }) => done.includes(id)).length, own.length);
    for (const { id } of own) {
      const item = document.getElementById(elementId(id));
      item?.classList.toggle('done', done.includes(id));
      item?.classList.toggle('in-hand', task === id);
    }
  };
  count();
  store.subscribe((state, before) => {
    if (state.task !== before.task && own.some(({ id }) => id === state.task)) details.open = true;
    if (state.task !== before.task || state.done !== before.done) count();
  }, signal);
}

function elementId(id: string): string {
  return `task-${id}`;
}

export function textOf({ text }: Page, id: string): TaskText {
  const found = text.tasks.items[id];
  if (!found) throw new TypeError(`no text for the task ${id}`);
  return found;
}

function taskElement(task: Task, page: Page): HTMLElement {
  const { text, store } = page;
  const words = text.tasks;
  const { question, choices = [] } = textOf(page, task.id);
  const verdict = create('p', { class: 'verdict', role: 'status' });
  const solve = () => {
    verdict.textContent = words.right;
    const { done } = store.state;
    if (!done.includes(task.id)) store.set({ done: [...done, task.id] });
  };
  const begin = button(words.begin, () => beginTask(task, page));
  const link = button(words.copyLink, () => {
    const state = { ...startOf(task.id), language: store.state.language };
    void copyLink(state).then((isCopied) => (verdict.textContent = isCopied ? words.copied : words.notCopied));
  });
  const answer = create('p');
  const solution = create('details', {}, create('summary', {}, words.showAnswer), answer);
  solution.addEventListener('toggle', () => void answerOf(task, page).then((found) => (answer.textContent = found)));
  return create(
    'li',
    { id: elementId(task.id) },
    create('p', {}, create('span', { class: 'tick', 'aria-hidden': 'true' }), question),
    ...(choices.length > 0
      ? [create('ul', { class: 'on-paper' }, ...choices.map((label) => create('li', {}, label)))]
      : []),
    create('div', { class: 'buttons' }, begin, ...answering(task, page, verdict, solve), link),
    verdict,
    solution,
  );
}

/** The start of the task, at its section; what is done and how the page is shown stays. */
function beginTask({ id, section }: Task, { store }: Page): void {
  const { language, theme, view, done } = store.state;
  store.set({ ...startOf(id), language, theme, view, done });
  document.querySelector(`#${section} .stage, #${section} h2`)?.scrollIntoView({ block: 'start' });
}

/** The controls with which a task is answered; one that asks for something on the page has none and watches. */
function answering(task: Task, page: Page, verdict: HTMLElement, solve: () => void): HTMLElement[] {
  const words = page.text.tasks;
  const { check } = task;
  if (check.kind === 'reach') {
    check.watch(page, (isReached) => {
      if (isReached && page.store.state.task === task.id) solve();
    });
    return [create('span', { class: 'note' }, words.reach)];
  }
  if (check.kind === 'choice') {
    const chooser = create('select', { id: freshId() }, create('option', { value: '' }, '–'));
    (textOf(page, task.id).choices ?? []).forEach((label, i) => {
      chooser.append(create('option', { value: String(i) }, label));
    });
    chooser.addEventListener('change', () => {
      if (chooser.value === String(check.right)) solve();
      else verdict.textContent = chooser.value === '' ? '' : words.wrong;
    });
    return [create('label', { for: chooser.id }, words.yourAnswer), chooser];
  }
  const field = create('input', { type: 'text', inputmode: 'decimal', id: freshId(), size: '7', autocomplete: 'off' });
  const judge = async () => {
    verdict.textContent = '';
    const value = numberIn(field.value);
    if (value === undefined) verdict.textContent = words.notNumber;
    else if (Math.abs(value - (await check.expected())) <= check.tolerance) solve();
    else verdict.textContent = words.wrong;
  };
  field.addEventListener('keydown', ({ key }) => {
    if (key === 'Enter') void judge();
  });
  return [create('label', { for: field.id }, words.yourAnswer), field, button(words.check, () => void judge())];
}

/** A number as people write it: with a minus of its own, and a comma for a point. */
function numberIn(words: string): number | undefined {
  const plain = words.trim().replace('−', '-').replace(',', '.');
  const value = plain === '' ? Number.NaN : Number(plain);
  return Number.isFinite(value) ? value : undefined;
}

/** The solution of a task in words, with its number. */
export async function answerOf(task: Task, page: Page): Promise<string> {
  const { check } = task;
  const expected = check.kind === 'number' ? page.format.significant(await check.expected()) : '';
  return textOf(page, task.id).answer(expected);
}
