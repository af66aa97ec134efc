import { create } from '../../pages/dom.js';
import type { Page } from './section.js';
import type { PageState, SectionId } from './state.js';

/** The step of the plan that a section belongs to, from 0 on; the later sections are all about the third. */
const STEP_OF: Readonly<Partial<Record<SectionId, number>>> = { problem: 0, loss: 0, derivation: 1 };
const LAST_STEP = 2;

/** From this line of the derivation on its question is answered. */
const ANSWERED_LINE = 9;

/** The plan of the lesson in three steps: where one is, and what is answered already. */
export function plan({ text, store, signal }: Page): HTMLElement {
  const words = text.plan;
  const items = words.steps.map((step) => create('li', {}, step));
  const mark = ({ section, line }: PageState) => {
    const now = STEP_OF[section] ?? LAST_STEP;
    items.forEach((item, i) => {
      if (i === now) item.setAttribute('aria-current', 'step');
      else item.removeAttribute('aria-current');
    });
    const [, question] = items;
    if (question) question.textContent = line >= ANSWERED_LINE ? words.answered : (words.steps[1] ?? '');
  };
  mark(store.state);
  store.follow(['section', 'line'], mark, signal);
  return create('ol', { class: 'plan', 'aria-label': words.title }, ...items);
}
