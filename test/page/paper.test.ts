// On paper: what is painted and not styled has the colours of paper, too.

import { expect, it } from 'vitest';
import { withoutWebGpu } from '../support/built-site.js';
import { channelsOf, inkOf } from '../support/chart-ink.js';
import { eventually } from '../support/eventually.js';
import { withTeachingPage } from '../support/teaching-page.js';

const shown = withTeachingPage();

/** A curve has more pixels than this of its colour. */
const INK = 100;

it('the loss curves of a dark page are drawn in the dark ink of a handout', { timeout: 60_000 }, async () => {
  await shown.open('language=en&theme=dark&section=program&at=505', withoutWebGpu);
  await shown.says('#program .status', /^100 epochs done/);
  const ink = (colour: readonly number[]) => inkOf(shown.page, '#program .uplot canvas', colour);
  const pale = await channelsOf(shown.page, 'gradientDescent');
  await eventually(async () => expect(await ink(pale)).toBeGreaterThan(INK));
  await shown.page.emulateMediaType('print');
  const dark = await channelsOf(shown.page, 'gradientDescent');
  expect(Math.max(...dark)).toBeLessThan(Math.min(...pale) / 2);
  await eventually(async () => expect(await ink(dark)).toBeGreaterThan(INK));
  await eventually(async () => expect(await ink(pale)).toBeLessThan(INK / 10)); // edges of letters have any grey
});
