// The teaching page: one drawing of all sections, and a new one when the language or the colours change. What lasts
// longer, the state, the lesson and the device, is made once.

import { create } from '../pages/dom.js';
import { Descent } from './lesson/descent.js';
import { LineLesson } from './lesson/line-lesson.js';
import { OwnData } from './lesson/own-data.js';
import { ProgramLesson } from './lesson/program-lesson.js';
import { ScaleLesson } from './lesson/scale-lesson.js';
import { SharedDevice } from './page/device.js';
import { Format } from './page/format.js';
import type { MountSection, Page } from './page/section.js';
import { contents, followScrolling, header, showSectionFirst } from './page/shell.js';
import { SECTION_IDS, type SectionId } from './page/state.js';
import { Store } from './page/store.js';
import { mountDerivation } from './sections/derivation.js';
import { mountLoss } from './sections/loss.js';
import { mountOwn } from './sections/own.js';
import { mountProblem } from './sections/problem.js';
import { mountProgram } from './sections/program.js';
import { mountScale } from './sections/scale.js';
import { mountStep } from './sections/step.js';
import { TEXTS } from './text/text.js';

const SECTIONS: Readonly<Record<SectionId, MountSection>> = {
  problem: mountProblem,
  loss: mountLoss,
  derivation: mountDerivation,
  step: mountStep,
  program: mountProgram,
  scale: mountScale,
  own: mountOwn,
};

const store = new Store();
const lesson = new LineLesson(store);
const descent = new Descent(lesson, store);
const device = new SharedDevice();
const program = new ProgramLesson(store, device);
const scale = new ScaleLesson(store, device);
const own = new OwnData(store, device);
let drawing = new AbortController();

/** Draws everything in the language and the colours of the state. */
function draw(): Page {
  drawing.abort();
  drawing = new AbortController();
  const { language, theme } = store.state;
  const text = TEXTS[language];
  const page: Page = {
    text,
    format: new Format(language),
    store,
    lesson,
    descent,
    program,
    scale,
    own,
    device,
    signal: drawing.signal,
  };
  document.documentElement.lang = language;
  document.documentElement.dataset.theme = theme;
  document.title = text.title;
  const sections = SECTION_IDS.map((id, i) => {
    const heading = create(
      'h2',
      { id: `${id}-title`, tabindex: '-1' },
      create('span', {}, String(i + 1)),
      text[id].title,
    );
    const body = create('div', { class: 'body' });
    return { id, body, element: create('section', { id, 'aria-labelledby': heading.id }, heading, body) };
  });
  const main = create('main', { id: 'main', tabindex: '-1' }, ...sections.map(({ element }) => element));
  document.body.replaceChildren(header(page), contents(page), main);
  for (const { id, body } of sections) SECTIONS[id](body, page);
  return page;
}

/** Draws anew where the reader is, with the focus on the switch that asked for it. */
function drawAgain(): void {
  const { section } = store.state;
  const top = () => document.getElementById(section)?.getBoundingClientRect().top ?? 0;
  const before = top();
  const focused = document.activeElement?.closest<HTMLInputElement>('.switches input')?.value;
  const page = draw();
  scrollBy({ top: top() - before, behavior: 'instant' });
  if (focused)
    document.querySelector<HTMLElement>(`.switches input[value="${focused}"]`)?.focus({ preventScroll: true });
  followScrolling(page);
}

/** Draws what the address says, and shows the section that it names. */
async function drawFromAddress(): Promise<void> {
  const { section } = store.state;
  const page = draw();
  await lesson.now();
  if (page.signal.aborted) return;
  if (SECTION_IDS.indexOf(section) > 0) showSectionFirst(section, page);
  followScrolling(page);
}

history.scrollRestoration = 'manual'; // the address says where
void drawFromAddress();
addEventListener('hashchange', () => void drawFromAddress());
matchMedia('(prefers-color-scheme: dark)').addEventListener('change', drawAgain);
store.subscribe((state, before) => {
  if (state.language !== before.language || state.theme !== before.theme) drawAgain();
});
