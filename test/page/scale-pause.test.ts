// Section 6: a play that is paused within a frame.

import { expect, it } from 'vitest';
import { withoutWebGpu } from '../support/built-site.js';
import { withScaleSection } from '../support/scale-section.js';

const { shown, open, press, reaches, isDrawn } = withScaleSection();

it('makes no step that waited for its frame when the play was paused', async () => {
  await open('rows=2000&scaleSeed=4', withoutWebGpu);
  await isDrawn('2,000');
  await press('One epoch');
  await reaches(1);
  await shown.page.$eval('#scale', async (section) => {
    const click = (name: string) => [...section.querySelectorAll('button')].find(({ textContent }) => textContent === name)?.click(); // prettier-ignore
    click('Play');
    await new Promise((resolve) => setTimeout(resolve)); // after that of the player, which then waits for a frame
    click('Pause');
    click('Back to the start');
  });
  await shown.rest();
  expect(await shown.value('scale', 'epoch')).toBe(0);
});
