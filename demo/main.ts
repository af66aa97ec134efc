// The teaching page: one drawing of all sections, and a new one when the language or the colours change. What lasts
// longer, the state, the lesson and the device, is made once.

import { create } from '../pages/dom.js';
import { Descent } from './lesson/descent.js';
import { LineLesson } from './lesson/line-lesson.js';
import { LINE_PART, StateHistory } from './lesson/state-history.js';
import { SharedDevice } from './page/device.js';
import { footer } from './page/footer.js';
import { Format } from './page/format.js';
import { Presenter } from './page/presenter.js';
import { requestOf } from './page/request.js';
import type { LaterLessons, MountSection, Page } from './page/section.js';
import { reachScrolled } from './page/scrolled.js';
import { contents, followScrolling, header, showSection, showSectionFirst } from './page/shell.js';
import { SECTION_IDS, type SectionId, toHash } from './page/state.js';
import { Store } from './page/store.js';
import { mountTasks } from './page/tasks.js';
import { teacherList } from './page/teacher.js';
import { mountDerivation } from './sections/derivation.js';
import { mountLoss } from './sections/loss.js';
import { mountProblem } from './sections/problem.js';
import { mountStep } from './sections/step.js';
import { TEXTS } from './text/text.js';

const SECTIONS: Readonly<Partial<Record<SectionId, MountSection>>> = {
  problem: mountProblem,
  loss: mountLoss,
  derivation: mountDerivation,
  step: mountStep,
};

const request = requestOf(location.search);
const store = new Store();
const history = new StateHistory(store, LINE_PART);
const presenter = new Presenter(store, (id) => {
  showSection(id, 'instant');
  if (presenter.isOn) document.querySelector(`#${id} .newest`)?.scrollIntoView({ block: 'nearest' });
});
const lesson = new LineLesson(store);
const descent = new Descent(lesson, store);
const device = new SharedDevice();
/** Sections 5 to 9, once they have loaded. */
let later: { lessons: LaterLessons; sections: typeof SECTIONS } | undefined;
let drawing = new AbortController();

/** Loads them, and begins their lessons. */
async function loadLater(): Promise<typeof SECTIONS> {
  const { LATER_SECTIONS, openLessons } = await import('./later.js');
  later ??= { lessons: openLessons(store, device), sections: LATER_SECTIONS };
  return later.sections;
}

function lessons(): LaterLessons {
  if (!later) throw new TypeError('sections 5 to 9 have not loaded');
  return later.lessons;
}

/** The page as its sections see it in this drawing. */
function pageOf(signal: AbortSignal): Page {
  const { language } = store.state;
  return {
    text: TEXTS[language],
    format: new Format(language),
    ...{ store, request, lesson, descent, history, presenter, device, signal },
    get program() {
      return lessons().program;
    },
    get scale() {
      return lessons().scale;
    },
    get own() {
      return lessons().own;
    },
    get descentOfOwn() {
      return lessons().descentOfOwn;
    },
    get classes() {
      return lessons().classes;
    },
    get classHistory() {
      return lessons().classHistory;
    },
    get noise() {
      return lessons().noise;
    },
  };
}

/** A section as it stands in the document, before it is filled. */
interface EmptySection {
  id: SectionId;
  element: HTMLElement;
  body: HTMLElement;
}

/** Those that the address asks for, with their headings. */
function emptySections({ text }: Page): EmptySection[] {
  return SECTION_IDS.filter((id) => request.embed === null || request.embed === id).map((id) => {
    const number = create('span', {}, String(SECTION_IDS.indexOf(id) + 1));
    const heading = create('h2', { id: `${id}-title`, tabindex: '-1' }, number, text[id].title);
    const body = create('div', { class: 'body' });
    return { id, body, element: create('section', { id, 'aria-labelledby': heading.id }, heading, body) };
  });
}

/** Fills those that this part of the script has. */
function fill(sections: readonly EmptySection[], from: typeof SECTIONS, page: Page): void {
  for (const { id, body } of sections) {
    const mount = from[id];
    if (!mount) continue;
    mount(body, page);
    mountTasks(body, id, page);
  }
}

/** Draws everything in the language and the colours of the state. */
function draw(): Page {
  drawing.abort();
  drawing = new AbortController();
  const page = pageOf(drawing.signal);
  const { text } = page;
  document.documentElement.lang = store.state.language;
  document.documentElement.dataset.theme = store.state.theme;
  document.title = text.title;
  if (request.isTeacher) {
    document.body.replaceChildren(teacherList(page));
    return page;
  }
  const sections = emptySections(page);
  const main = create('main', { id: 'main', tabindex: '-1' }, ...sections.map(({ element }) => element));
  const around = request.embed === null ? [header(page), contents(page), main, footer(page)] : [main];
  if (request.embed !== null) main.prepend(create('h1', { class: 'spoken' }, text.title));
  document.body.replaceChildren(...around);
  fill(sections, SECTIONS, page);
  if (later) {
    fill(sections, later.sections, page);
    openDevice();
  } else void fillLater(sections, page);
  presenter.mark();
  reachScrolled(main, page.signal);
  return page;
}

/**
 * Sections 5 to 9 and the device, once the first picture is there: what is read first is not kept waiting by them. Each has a turn
 * of its own, the one that is read first.
 */
async function fillLater(sections: readonly EmptySection[], page: Page): Promise<void> {
  const { section } = store.state;
  const isOver = () => page.signal.aborted;
  if (SECTIONS[section]) {
    await lesson.now();
    await new Promise(requestAnimationFrame);
  }
  if (isOver()) return;
  const from = await loadLater();
  for (const one of sections.toSorted((a, b) => Number(b.id === section) - Number(a.id === section))) {
    await new Promise((turn) => setTimeout(turn));
    if (isOver()) return;
    fill([one], from, page);
  }
  openDevice();
}

/** A frame of another page has no head that names it: there a section opens it that needs one. */
function openDevice(): void {
  if (request.embed === null) void device.place();
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
  if (request.isTeacher || request.embed) return;
  const isFirst = SECTION_IDS.indexOf(section) === 0;
  if (!isFirst || store.state.task !== '') showSectionFirst(section, page);
  else scrollTo({ top: 0, behavior: 'instant' });
  followScrolling(page);
}

/** Goes where another address leads: to another section of the same state, or to another state. */
function goToAddress(): void {
  const { state } = store;
  const isSame = toHash({ ...state, section: previous.section }) === toHash(previous);
  if (isSame && store.unknown.length === 0) showSection(state.section, 'instant');
  else void drawFromAddress();
}

document.documentElement.dataset.embed = String(request.embed !== null);
document.documentElement.dataset.controls = request.hasControls ? 'on' : 'off';
globalThis.history.scrollRestoration = 'manual'; // the address says where
void drawFromAddress();
let previous = store.state;
store.subscribe((_, before) => (previous = before));
addEventListener('hashchange', goToAddress);
matchMedia('(prefers-color-scheme: dark)').addEventListener('change', drawAgain);
store.subscribe((state, before) => {
  if (state.language !== before.language || state.theme !== before.theme) drawAgain();
});
