// What is around the sections: title, language, colours, contents, and what is to be said of the device.

import { create } from '../../pages/dom.js';
import { button, choice, setWords } from './controls.js';
import { copyLink } from './copy-link.js';
import { type DeviceState, nameOf } from './device.js';
import { plan } from './plan.js';
import { supportReason } from './problem.js';
import type { Page } from './section.js';
import { type Language, SECTION_IDS, type SectionId, type Theme, THEMES } from './state.js';

/** Each language by its own name. */
const LANGUAGES: readonly { value: Language; label: string }[] = [
  { value: 'ko', label: '한국어' },
  { value: 'en', label: 'English' },
];

export function header(page: Page): HTMLElement {
  const { text, store } = page;
  const language = choice(text.language, LANGUAGES, (chosen) => store.set({ language: chosen }));
  language.set(store.state.language);
  const theme = choice<Theme>(
    text.theme,
    THEMES.map((value) => ({ value, label: text.themes[value] })),
    (chosen) => store.set({ theme: chosen }),
  );
  theme.set(store.state.theme);
  const skip = create('a', { class: 'skip', href: '#main' }, text.skip);
  skip.addEventListener('click', (event) => {
    event.preventDefault(); // the address holds the state
    document.getElementById('main')?.focus();
  });
  return create(
    'header',
    {},
    skip,
    create('div', { class: 'switches' }, language.element, theme.element, ...pageButtons(page)),
    create('h1', {}, text.title),
    create('p', { class: 'subtitle' }, text.subtitle),
    banners(page),
  );
}

/** A link to the page as it is, and the view for a projector. */
function pageButtons({ text, store, presenter }: Page): HTMLElement[] {
  const said = create('span', { class: 'spoken', role: 'status' });
  const copy = button(text.copyLink, () => {
    void copyLink(store.state, location.search).then((isCopied) => {
      copy.textContent = said.textContent = isCopied ? text.tasks.copied : text.tasks.notCopied;
    });
  });
  const present = button(text.present, () => presenter.toggle());
  present.classList.add('present');
  return [copy, present, said];
}

/** Links to the sections, and the plan; the section that is read and the step of the plan are marked. */
export function contents(page: Page): HTMLElement {
  const { text, store, presenter, signal } = page;
  const links = SECTION_IDS.map((id, i) => {
    const words = [create('b', {}, String(i + 1)), ` ${text[id].short}`];
    const link = create('a', { href: `#${id}`, 'data-section': id }, ...words);
    link.addEventListener('click', (event) => {
      event.preventDefault(); // the address holds the whole state, not this name alone
      store.visit({ section: id });
      showSection(id);
    });
    return link;
  });
  const list = create('ol', {}, ...links.map((link) => create('li', {}, link)));
  const showCurrent = () => {
    const link = links.find((one) => one.hasAttribute('aria-current'));
    if (link) list.scrollLeft = link.offsetLeft - (list.clientWidth - link.offsetWidth) / 2; // where all do not fit
  };
  const mark = () => {
    for (const link of links) {
      if (link.dataset.section !== store.state.section) link.removeAttribute('aria-current');
      else if (!link.hasAttribute('aria-current')) {
        link.setAttribute('aria-current', 'true');
        showCurrent();
      }
    }
  };
  mark();
  const observer = new ResizeObserver(showCurrent); // also once they are in the page
  for (const one of [list, ...links]) observer.observe(one); // links grow with the type of the page
  signal.addEventListener('abort', () => observer.disconnect(), { once: true });
  store.follow(['section'], mark, signal);
  const named = { 'aria-label': text.leavePresenter, title: text.leavePresenter };
  const leave = create('button', { type: 'button', class: 'leave', ...named }, '×');
  leave.addEventListener('click', () => presenter.toggle());
  return create('nav', { 'aria-label': text.sections }, create('div', {}, list, plan(page)), leave);
}

/** Brings a section into view, and its heading under the keyboard. */
export function showSection(id: SectionId, behavior: ScrollBehavior = 'auto'): void {
  const section = document.getElementById(id);
  section?.scrollIntoView({ behavior });
  section?.querySelector<HTMLElement>('h2')?.focus({ preventScroll: true });
}

/** The first events of a reader who goes elsewhere. */
const READER_EVENTS = ['wheel', 'touchmove', 'pointerdown', 'keydown'] as const;

/** Shows a section, and again whenever figures above it change their height, until the reader takes over. */
export function showSectionFirst(id: SectionId, { signal }: Page): void {
  showSection(id, 'instant');
  const section = document.getElementById(id);
  const main = section?.parentElement;
  if (!section || !main) return;
  const observer = new ResizeObserver(() => section.scrollIntoView({ behavior: 'instant' }));
  observer.observe(main);
  const stop = () => observer.disconnect();
  for (const name of READER_EVENTS) addEventListener(name, stop, { once: true, passive: true, signal });
  signal.addEventListener('abort', stop, { once: true });
}

/** Keeps the state's section the one that is read, at a third of the height of the window. */
export function followScrolling({ store, signal }: Page): void {
  const sections = [...document.querySelectorAll('main > section')];
  const inView = new Set<Element>(); // two of them, where their border is
  const observer = new IntersectionObserver(
    (entries) => {
      for (const { target, isIntersecting } of entries) {
        if (isIntersecting) inView.add(target);
        else inView.delete(target);
      }
      const isAbove = (sections[0]?.getBoundingClientRect().top ?? 0) > 0; // the head of the page is that high
      const read = sections.find((section) => inView.has(section)) ?? (isAbove ? sections[0] : undefined);
      if (read && read.id !== store.state.section) store.set({ section: read.id as SectionId });
    },
    { rootMargin: '-33% 0px -66% 0px' },
  );
  for (const section of sections) observer.observe(section);
  signal.addEventListener('abort', () => observer.disconnect(), { once: true });
}

function banners(page: Page): HTMLElement {
  const { text, store, device, request, signal } = page;
  const unknown = [...request.unknown, ...store.unknown];
  const address = create('p', { class: 'banner warning', id: 'address-banner' }, text.unknownWords(unknown.join(', ')));
  address.hidden = unknown.length === 0;
  const missing = create('div', { class: 'banner warning', id: 'device-missing', role: 'status' });
  const lost = create('p', { class: 'banner warning', id: 'device-lost', role: 'status' });
  const adapter = create('p', { class: 'adapter', id: 'adapter' });
  const show = (state: DeviceState) => {
    adapter.textContent = adapterWords(state, text.device);
    missing.hidden = state.missing === null;
    if (state.missing) {
      const found = state.missing.flatMap((reason) => supportReason(reason, page));
      const why = create('details', {}, create('summary', {}, text.device.why));
      why.append(create('p', {}, text.device.advice), ...found);
      missing.replaceChildren(create('p', {}, text.device.missing), why);
    }
    setWords(lost, state.lostCount === 0 ? '' : text.device.lost);
  };
  show(device.state);
  device.subscribe(show, signal);
  return create('div', {}, adapter, address, missing, lost);
}

function adapterWords({ context, missing }: DeviceState, words: Page['text']['device']): string {
  if (missing) return words.onCpu;
  if (!context) return '';
  const name = nameOf(context.adapter) || words.nameless;
  return context.adapter.isSoftware ? words.onSoftware(name) : words.onDevice(name);
}
