// Writes the part of STIX Two Math that the lesson's formulas need, with its table of mathematics, and its licence beside it.

import { copyFile, readFile, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import subsetFont from 'subset-font';
import { CHARACTERS } from '../demo/fonts/characters.js';

const source = dirname(createRequire(import.meta.url).resolve('@fontsource/stix-two-math/package.json'));
const target = join(import.meta.dirname, '../demo/fonts');

const whole = await readFile(join(source, 'files/stix-two-math-latin-400-normal.woff2'));
const part = await subsetFont(whole, CHARACTERS, { targetFormat: 'woff2' });
await writeFile(join(target, 'lesson-math.woff2'), part);
await copyFile(join(source, 'LICENSE'), join(target, 'OFL.txt'));
console.log(`lesson-math.woff2: ${part.length} of ${whole.length} bytes, ${[...CHARACTERS].length} characters`);
