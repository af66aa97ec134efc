// Your own data as people have them: decimal commas, Korean encodings, gaps, words and labels; and the files of the page.

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { encodingOf } from '../../demo/lesson/own-file.js';
import { eventually } from '../support/eventually.js';
import { withOwnData } from '../support/own-data.js';
import { numberOf } from '../support/teaching-page.js';

const { shown, openFile, predicts, cells, weight, tick } = withOwnData();

/** The same text in EUC-KR: each syllable has its two bytes. */
function inKorean(text: string): Uint8Array {
  const codes = new Map<string, readonly [number, number]>();
  const decoder = new TextDecoder('euc-kr');
  for (let first = 0xb0; first <= 0xc8; first++)
    for (let second = 0xa1; second <= 0xfe; second++)
      codes.set(decoder.decode(Uint8Array.of(first, second)), [first, second]);
  return Uint8Array.from(Array.from(text).flatMap((letter) => codes.get(letter) ?? [letter.charCodeAt(0)]));
}

describe('files as people have them', { timeout: 30_000 }, () => {
  it('are read with decimal commas between semicolons, and that is said', async () => {
    await shown.open();
    await openFile('area;price\n40,5;81\n50,25;100,5\n60;120\n71,5;143\n'); // the price is twice the area
    await predicts('price from area. Decimal commas in area, price');
    expect(await weight('area')).toBeCloseTo(2, 3);
  });

  it('are told apart: Hangul in pairs of bytes, umlauts alone or side by side, UTF-8 and UTF-16', async () => {
    const latin = (text: string) => Uint8Array.from(Buffer.from(text, 'latin1'));
    const cases: [Uint8Array, string][] = [
      [inKorean('키,몸무게\n1,2\n'), 'euc-kr'],
      [latin('größe,gewicht\n1,2\n'), 'windows-1252'], // two bytes that are a pair of Hanja, too
      [latin('année,prix\n1,2\n'), 'windows-1252'],
      [Uint8Array.from(Buffer.from('키,몸무게\n1,2\n')), 'auto'],
      [Uint8Array.of(0xff, 0xfe, 0x61, 0), 'auto'],
      [latin('a,b\n1,2\n'), 'auto'],
    ];
    for (const [bytes, expected] of cases) expect(await encodingOf(new Blob([bytes.slice().buffer]))).toBe(expected);
    await shown.open();
  });

  it('are read in EUC-KR, as Korean spreadsheets save, and in another encoding that is chosen', async () => {
    await shown.open();
    await openFile(inKorean('키,몸무게\n150,50\n160,60\n170,70\n'));
    await predicts('몸무게 from 키');
    expect(await shown.page.$eval('#own select[name="encoding"]', ({ value }) => value)).toBe('euc-kr');
    expect(await weight('키')).toBeCloseTo(1, 3);
    await openFile(Uint8Array.from(Buffer.from('größe,gewicht\n1,2\n2,4\n3,6\n', 'latin1')), 'latin.csv');
    await predicts('gewicht from größe');
    await shown.page.select('#own select[name="encoding"]', 'euc-kr');
    await eventually(async () =>
      expect(await shown.page.$eval('#own', ({ textContent }) => textContent)).not.toMatch(/gewicht from größe/),
    );
    await shown.page.select('#own select[name="encoding"]', 'windows-1252');
    await predicts('gewicht from größe');
    await openFile('a,b\n0,1\n1,3\n2,5\n', 'plain.csv');
    await predicts('b from a');
    expect(await shown.page.$eval('#own select[name="encoding"]', (select) => select.checkVisibility())).toBe(false);
  });

  it('leave out rows with gaps where that is asked for, and dim what is not of this file meanwhile', async () => {
    await shown.open();
    await openFile('a,b\n0,1\n1,3\n2,5\n', 'before.csv');
    await predicts('b from a');
    const isDimmed = () =>
      shown.page.$eval('#own .own-result', (element) => Number(getComputedStyle(element).opacity) < 0.6);
    expect(await isDimmed()).toBe(false);
    await openFile('a,b\n0,1\n1,\n2,7\nNA,9\n4,13\n', 'gaps.csv');
    await shown.says('#own .problem', /2 rows|row 3/);
    await shown.says('#own', 'What follows is still the result of before.csv.');
    await eventually(async () => expect(await isDimmed()).toBe(true));
    await shown.page.$eval('#own .checkbox.asked input', (box) => box.click());
    await predicts('b from a. 2 rows with gaps left out');
    expect(await weight('a')).toBeCloseTo(3, 3);
    await eventually(async () => expect(await isDimmed()).toBe(false));
    await shown.page.waitForFunction(() => location.hash.includes('gaps=drop'));
  });

  it('have words as features, each but the first a feature of 0 and 1', async () => {
    await shown.open();
    const rents = { Oslo: 5, Paris: 9, Rome: 2 };
    const rows = Object.entries(rents).flatMap(([city, base], i) =>
      [1, 2, 4].map((rooms) => `${city},${rooms + i},${base + 3 * (rooms + i)}`),
    );
    await openFile(`city,rooms,rent\n${rows.join('\n')}\n`);
    await predicts('rent from rooms');
    await tick('city');
    await shown.says('#own .status', /^h\(x\) predicts rent from .*city=Paris/);
    expect(await weight('rooms')).toBeCloseTo(3, 3);
    expect(await weight('city=Paris')).toBeCloseTo(4, 3); // as much more as in Oslo
    expect(await weight('city=Rome')).toBeCloseTo(-3, 3);
    expect((await shown.page.$$('#own svg.plot circle.row')).length).toBe(9);
  });

  it('are told of in Korean by the code of the message, with the library’s own words behind it', async () => {
    await shown.open('language=ko');
    await openFile('a,b\n0,1\n1,\n2,7\n');
    await shown.says('#own .problem', /빈칸이나 NA 같은 결측값이 있다\. \(mine\.csv, 3행, ‘b’ 열\)/);
    expect(await shown.text('#own .problem details q[lang="en"]')).toMatch(/an empty cell/);
    await openFile('a,b,c\n5,1,2\n5,2,4\n5,3,6\n', 'constant.csv');
    await shown.says('#own .banner li', /값이 모두 같은 특성/);
  });
});

/** Published least squares and maximum likelihood of the files of the page. */
const PUBLISHED = [
  // R: lm(weight ~ height, women)
  { sample: 'Height and weight', words: 'weight_lb from height_in', value: { height_in: 3.45, bias: -87.52 } },
  // R: lm(dist ~ speed, cars)
  {
    sample: 'Speed and stopping distance',
    words: 'distance_ft from speed_mph',
    value: { speed_mph: 3.932, bias: -17.58 },
  },
  // R: lm(mpg ~ wt + hp, mtcars)
  {
    sample: 'Fuel use of cars',
    words: 'miles_per_gallon from weight_1000lb, horsepower',
    value: { weight_1000lb: -3.878, horsepower: -0.03177, bias: 37.23 },
  },
  // Dalal, Fowlkes and Hoadley 1989: 15.043 − 0.2322 t
  {
    sample: 'O-rings of the Space Shuttle (labels)',
    words: 'damaged from temperature_f',
    value: { temperature_f: -0.2322, bias: 15.04 },
  },
] as const;

describe('the files of the page', { timeout: 60_000 }, () => {
  it('have the published results, and their sources with them', async () => {
    await shown.open();
    for (const { sample, words, value } of PUBLISHED) {
      await shown.press('#own', sample);
      await predicts(words);
      for (const [name, expected] of Object.entries(value))
        expect(numberOf((await cells(name))[0] ?? ''), `${sample}, ${name}`).toBeCloseTo(expected, 2);
      await shown.says('#own .source', /^Source: .*(1930|1975|1981|1989)/);
    }
    await shown.says('#own figcaption', 'The curve is the probability that damaged is 1.');
    const read = await readFile(join(import.meta.dirname, '../../demo/data/README.md'), 'utf8');
    for (const name of ['heights', 'braking', 'fuel', 'o-rings']) expect(read).toContain(`${name}.csv`);
  });

  it('let descent be played: slow with the features as they are, quick once they are standardised', async () => {
    await shown.open('language=en&section=own');
    await shown.press('#own', 'Fuel use of cars');
    await predicts('miles_per_gallon from weight_1000lb, horsepower');
    await shown.says('#own .own-play', 'Press Play to watch');
    const [asIs, standardized] = [await shown.value('own', 'limit-no'), await shown.value('own', 'limit-yes')];
    expect(standardized / asIs).toBeGreaterThan(1000); // horsepower is up to 335
    await shown.press('#own .own-play', 'One epoch');
    await shown.shows('own', 'epoch', (value) => value === 1, '1');
    const least = await shown.value('own', 'least');
    expect(await shown.value('own', 'descent-loss')).toBeGreaterThan(least);
    await shown.page.$eval('#own .own-play input[value="yes"]', (input) => input.click());
    await shown.shows('own', 'epoch', (value) => value === 0, '0');
    await shown.press('#own .own-play', 'Play');
    await shown.says('#own .own-play', /Arrived after \d+ epochs/);
    expect(Math.abs((await shown.value('own', 'descent-loss')) / least - 1)).toBeLessThan(0.01);
    await shown.slide('#own .own-play input[type="range"]', 1.1);
    await shown.press('#own .own-play', 'Back to the start');
    await shown.shows('own', 'epoch', (value) => value === 0, '0');
    await shown.press('#own .own-play', 'Play');
    await shown.says('#own .own-play', 'Diverged: λ is over its limit.');
  });
});
