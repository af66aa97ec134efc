import { expect, it } from 'vitest';
import { packaged } from '../../src/node/packages.js';
import { expectRefusal } from '../support/refusal.js';

const NEED = { names: ['left', 'right'], code: 'BROWSER_UNAVAILABLE', by: 'starts a browser' } as const;

const missing = (name: string, code = 'ERR_MODULE_NOT_FOUND') =>
  Object.assign(new Error(`Cannot find package '${name}' imported from cli.js`), { code });

it('says which package is missing and how to install all that are needed', async () => {
  await expectRefusal(
    () => packaged(NEED, () => Promise.reject(missing('right'))),
    'BROWSER_UNAVAILABLE',
    'no package right, which starts a browser; expected left and right beside webgpu-descent. Run npm install left right',
  );
});

it('passes on what the module is, and every other failure', async () => {
  expect(await packaged(NEED, () => Promise.resolve(7))).toBe(7);
  for (const error of [missing('other'), missing('left', 'ERR_INVALID_ARG_TYPE'), new TypeError('left')]) {
    await expect(packaged(NEED, () => Promise.reject(error))).rejects.toBe(error);
  }
});
