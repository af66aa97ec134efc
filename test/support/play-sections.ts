import type { Page } from 'puppeteer';
import { expect } from 'vitest';
import { eventually } from './eventually.js';

/** A thing to press or to drag, and what the page says once that was done. */
export interface Play {
  section: string;
  /** What a hand does. */
  act: (hand: Hand) => Promise<void>;
  /** Where the outcome is read, and how. */
  outcome: { selector: string; words: RegExp };
}

/** One way to play: by mouse, by finger or by keys. */
export interface Hand {
  /** The button of that name in a section. */
  press(section: string, name: string): Promise<void>;
  /** Takes hold of a grip and moves it by so many pixels; by keys, as far as the arrow of that direction leads. */
  move(selector: string, by: { x: number; y: number }): Promise<void>;
}

const ONE_EPOCH = /^1$/;
const UP = /^0\.\d*[1-9]/;

/** The first thing to do in each section; the words are those of the English page at `PLAYED`. */
export const PLAYS: readonly Play[] = [
  {
    section: 'problem',
    act: (hand) => hand.move('#problem [data-handle="1"]', { x: 0, y: -40 }),
    outcome: { selector: '#problem .slider .shown', words: UP },
  },
  {
    section: 'loss',
    act: (hand) => hand.move('#loss .here', { x: 40, y: 0 }),
    outcome: { selector: '#loss .slider .shown', words: UP },
  },
  {
    section: 'derivation',
    act: (hand) => hand.press('derivation', 'Next line'),
    outcome: { selector: '#derivation li.newest p', words: /we drop it and work with one example/ },
  },
  {
    section: 'step',
    act: (hand) => hand.press('step', 'One step'),
    outcome: { selector: '#step [data-value="epoch"]', words: ONE_EPOCH },
  },
  {
    section: 'program',
    act: async (hand) => {
      await hand.press('program', 'Run an epoch');
      await hand.press('program', 'Run an epoch');
    },
    outcome: { selector: '#program .status', words: /^1 epoch done/ },
  },
  {
    section: 'scale',
    act: (hand) => hand.press('scale', 'One epoch'),
    outcome: { selector: '#scale [data-value="epoch"]', words: ONE_EPOCH },
  },
  {
    section: 'own',
    act: async (hand) => {
      await hand.press('own', 'Speed and stopping distance');
      await hand.press('own', 'One epoch');
    },
    outcome: { selector: '#own .own-play', words: /1 epoch done/ },
  },
  {
    section: 'classes',
    act: (hand) => hand.press('classes', 'One step'),
    outcome: { selector: '#classes [data-value="epoch"]', words: ONE_EPOCH },
  },
  {
    section: 'noise',
    act: (hand) => hand.press('noise', 'One epoch'),
    outcome: { selector: '#noise [data-value="epoch"]', words: ONE_EPOCH },
  },
];

/** The address at which they are played. */
export const PLAYED = 'language=en&w=0&b=0';

/** Waits until a section says what was to come of a play. */
export async function seesOutcome(page: Page, { outcome }: Play): Promise<void> {
  await eventually(async () =>
    expect(await page.$eval(outcome.selector, ({ textContent }) => textContent)).toMatch(outcome.words),
  );
}

export function mouseOf(page: Page): Hand {
  const { mouse } = page;
  return {
    async press(section, name) {
      const { x, y } = await reach(page, await buttonOf(page, section, name));
      await mouse.click(x, y);
    },
    async move(selector, by) {
      const { x, y } = await reach(page, selector);
      await mouse.move(x, y);
      await mouse.down();
      await mouse.move(x + by.x / 2, y + by.y / 2);
      await mouse.move(x + by.x, y + by.y);
      await mouse.up();
    },
  };
}

/** In a window with touch alone. */
export function fingerOf(page: Page): Hand {
  const { touchscreen } = page;
  return {
    async press(section, name) {
      const { x, y } = await reach(page, await buttonOf(page, section, name));
      await touchscreen.tap(x, y);
    },
    async move(selector, by) {
      const { x, y } = await reach(page, selector);
      await touchscreen.touchStart(x, y);
      for (const share of [0.25, 0.5, 0.75, 1]) await touchscreen.touchMove(x + share * by.x, y + share * by.y);
      await touchscreen.touchEnd();
    },
  };
}

/** Key presses that come near to a drag of 40 pixels. */
const ARROWS = 12;

/** By Tab from the heading of the section, as someone without a mouse comes there. */
export function keysOf(page: Page): Hand {
  const { keyboard } = page;
  return {
    async press(section, name) {
      await tabTo(page, section, await buttonOf(page, section, name));
      await keyboard.press('Enter');
    },
    async move(selector, by) {
      await tabTo(page, /^#(\w+)/.exec(selector)?.[1] ?? '', selector);
      const key = by.x > 0 ? 'ArrowRight' : by.x < 0 ? 'ArrowLeft' : by.y < 0 ? 'ArrowUp' : 'ArrowDown';
      for (let i = 0; i < ARROWS; i++) await keyboard.press(key);
    },
  };
}

/** A selector of the button of that name, once there is one that can be pressed. */
async function buttonOf(page: Page, section: string, name: string): Promise<string> {
  const selector = `#${section} button[data-wanted="${name}"]`;
  await page.$eval(`#${section}`, (element) => element.scrollIntoView({ behavior: 'instant' })); // some wait for it
  await eventually(async () => {
    const isReady = await page.$$eval(
      `#${section} .body button`,
      (buttons, wanted) => {
        const found = buttons.find((button) => button.textContent === wanted && button.checkVisibility());
        if (found) found.dataset.wanted = wanted;
        return found !== undefined && found.ariaDisabled !== 'true';
      },
      name,
    );
    expect(isReady, `the button '${name}' of ${section}`).toBe(true);
  });
  return selector;
}

/** Where a hand takes hold of an element: its middle, in the window, with nothing over it, and at rest. */
export async function reach(page: Page, selector: string): Promise<{ x: number; y: number }> {
  await page.keyboard.press('Shift'); // from a reader's first key on, the page no longer scrolls to its section
  let last: { x: number; y: number } | undefined;
  return eventually(async () => {
    const found = await page.$eval(selector, (element) => {
      element.scrollIntoView({ block: 'center', behavior: 'instant' });
      const box = element.getBoundingClientRect();
      const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
      const top = document.elementFromPoint(x, y);
      return { x, y, isFree: top !== null && element.contains(top), over: top?.outerHTML.slice(0, 80) };
    });
    const isStill = found.x === last?.x && found.y === last.y;
    last = found;
    expect(isStill, `${selector} moves`).toBe(true);
    expect(found.isFree, `${found.over} lies over ${selector}`).toBe(true);
    return found;
  });
}

/** More elements than a section has to step through. */
const MOST_TABS = 120;

async function tabTo(page: Page, section: string, selector: string): Promise<void> {
  await page.$eval(`#${section} h2`, (heading) => {
    heading.scrollIntoView({ block: 'start', behavior: 'instant' });
    heading.focus({ preventScroll: true });
  });
  for (let i = 0; i < MOST_TABS; i++) {
    await page.keyboard.press('Tab');
    if (await page.evaluate((wanted) => document.activeElement?.matches(wanted), selector)) return;
  }
  throw new Error(`Tab does not lead from the heading of ${section} to ${selector}`);
}
