// The list of all tasks with their answers, for teachers: '?teacher'.

import { create } from '../../pages/dom.js';
import type { Task } from '../tasks/task.js';
import { TASKS } from '../tasks/all-tasks.js';
import type { Page } from './section.js';
import { SECTION_IDS, startOf, toHash } from './state.js';
import { answerOf, textOf } from './tasks.js';

export function teacherList(page: Page): HTMLElement {
  const { text, store } = page;
  const sections = SECTION_IDS.flatMap((id, i) => {
    const tasks = TASKS.filter(({ section }) => section === id);
    if (tasks.length === 0) return [];
    const list = create('ol', {}, ...tasks.map((task) => taskItem(task, page)));
    return [create('section', {}, create('h2', {}, create('span', {}, String(i + 1)), text[id].title), list)];
  });
  const back = create(
    'a',
    { href: `./${toHash({ ...startOf(''), language: store.state.language })}` },
    text.tasks.back,
  );
  return create(
    'main',
    { id: 'main', tabindex: '-1', class: 'teacher' },
    create('h1', {}, text.tasks.listTitle),
    create('p', {}, text.tasks.listLead),
    ...sections,
    create('p', {}, back),
  );
}

/** The question, what there is to choose from, the answer, and a link that begins the task. */
function taskItem(task: Task, page: Page): HTMLElement {
  const { text, store } = page;
  const { question, choices = [] } = textOf(page, task.id);
  const right = task.check.kind === 'choice' ? task.check.right : -1;
  const listed = choices.map((label, i) => create('li', i === right ? { class: 'right' } : {}, label));
  const answer = create('p', { class: 'answer' });
  void answerOf(task, page).then((words) => (answer.textContent = words));
  const link = create(
    'a',
    { href: `./${toHash({ ...startOf(task.id), language: store.state.language })}` },
    text.tasks.open,
  );
  return create(
    'li',
    { 'data-task': task.id },
    create('p', {}, question),
    ...(listed.length > 0 ? [create('ul', {}, ...listed)] : []),
    answer,
    create('p', {}, link),
  );
}
