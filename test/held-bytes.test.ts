// The bytes of buffers that one device holds, which an error for want of memory names.

import { expect, it } from 'vitest';
import { countAsked, heldBytesOn } from '../src/gpu/device/held-bytes.js';

it('are none at first, and those of each device apart', () => {
  const [one, other] = [{} as GPUDevice, {} as GPUDevice];
  expect(heldBytesOn(one)).toMatchObject({ held: 0, asked: 0 });
  heldBytesOn(one).held += 100;
  heldBytesOn(one).asked += 300;
  const count = countAsked(one);
  heldBytesOn(one).held += 40;
  heldBytesOn(one).asked += 50;
  expect(count()).toEqual({ asked: 50, held: 100 });
  expect(heldBytesOn(one)).toMatchObject({ held: 140, asked: 350 });
  expect(heldBytesOn(other)).toMatchObject({ held: 0, asked: 0 });
});
