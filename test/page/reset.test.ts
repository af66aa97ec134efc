// Reset in the sections after the line: each goes back to how the page began, and leaves the others as they are.

import { describe, expect, it } from 'vitest';
import { withoutWebGpu } from '../support/built-site.js';
import { eventually } from '../support/eventually.js';
import { withTeachingPage } from '../support/teaching-page.js';

const shown = withTeachingPage();

/** The words of each section in the address, none of which is how the page begins. */
const CHANGED: Readonly<Record<string, string>> = {
  program:
    'spread=correlated&seed=9&programRate=0.5&runs=optimizers&ratio=20&momentum=0.5&rates=same&at=10&axis=linear',
  scale: 'shape=plane&turn=-45&rows=1000&scaleRate=0.5&scaleSeed=9&pace=full',
  noise: 'noiseSigma=0.1&noiseSeed=9&degree=4&examples=20&batch=16&batchRate=0.05',
};

describe.each(Object.keys(CHANGED))('Reset of section %s', { timeout: 30_000 }, (section) => {
  it('takes back the words of its own, and those alone', async () => {
    await shown.open(`language=en&w=0.25&section=${section}&${Object.values(CHANGED).join('&')}`, withoutWebGpu);
    await shown.page.waitForSelector('#noise .degree-mark');
    await shown.press(`#${section}`, 'Reset');
    const others = Object.entries(CHANGED).filter(([name]) => name !== section);
    await eventually(() => {
      const words = new URL(shown.page.url()).hash.slice(1).split('&');
      const expected = ['language=en', `section=${section}`, 'w=0.25', ...others.flatMap(([, own]) => own.split('&'))];
      expect(words.toSorted()).toEqual(expected.toSorted());
    });
  });
});
