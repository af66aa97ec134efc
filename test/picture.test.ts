// docs/pictures/descent.svg is drawn from a run; `npm run docs` draws it anew.

import { expect, it } from 'vitest';
import { descentPicture } from './support/descent-picture.js';

it('the picture of the start page is that of the run: if not, npm run docs', async () => {
  await expect(await descentPicture()).toMatchFileSnapshot('../docs/pictures/descent.svg');
});
