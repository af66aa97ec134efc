// Encoders: levels of categories, polynomials and dates, learned at training and kept in the model.

import { describe, expect, test } from 'vitest';
import { csvSource } from '../../src/data/csv.js';
import { Encoder } from '../../src/data/table/encoder.js';
import { fit } from '../../src/fit.js';
import { LinearModel } from '../../src/model/linear-model.js';
import { solveExact } from '../../src/solve-exact.js';
import { expectRefusal } from '../support/refusal.js';
import { expectFailure, inPieces, read } from './read.js';

/** Rent by city and area: 20 a unit of area, and Paris 280, Rome -100, Oslo 260. */
const RENTS = 'city,area,rent\nParis,40,1080\nRome,50,900\nParis,60,1480\nOslo,30,860\nRome,70,1300\nOslo,50,1260\n';
const CPU = { backend: 'cpu' } as const;

describe('categories', () => {
  test('are features of 0 and 1, without the first level, and give the exact plane', async () => {
    const source = csvSource(RENTS, { target: 'rent', categories: ['city'] });
    expect(await source.columns()).toEqual({ features: ['city=Paris', 'city=Rome', 'area'], target: 'rent' });
    const model = await solveExact(source);
    expect([...model.weights, model.bias].map((value) => Number(value.toFixed(9)))).toEqual([20, -360, 20, 260]);
    const loaded = LinearModel.fromJSON(JSON.parse(JSON.stringify(model)));
    const rows = [{ area: 10, city: 'Rome' }, { city: 'Oslo', area: 0 }, { city: 'Paris', area: 5, id: 'unused' }]; // prettier-ignore
    for (const each of [model, loaded]) {
      expect(Array.from(await each.predict(rows), (value) => Number(value.toFixed(9)))).toEqual([100, 260, 380]);
      expect((await each.predict({ city: ['Rome'], area: [10] }))[0]).toBeCloseTo(100, 9);
      expect((await each.predict({ city: 'Rome', area: 10 }))[0]).toBeCloseTo(100, 9);
      expect((await each.predict([[0, 1, 10]]))[0]).toBeCloseTo(100, 9); // the features themselves
      expect((await each.predict({ 'city=Paris': [0], 'city=Rome': [1], area: [10] }))[0]).toBeCloseTo(100, 9);
      expect(await each.score(csvSource(RENTS, { target: 'rent' }))).toBeCloseTo(1, 12);
    }
  });

  test('have a feature for each level where none is dropped', async () => {
    const options = { target: 'rent', categories: ['city'], droppedLevel: 'none' } as const;
    const { features, columns } = await read(RENTS, options);
    expect(features).toEqual(['city=Oslo', 'city=Paris', 'city=Rome', 'area']);
    expect(columns[0]).toEqual([0, 0, 0, 1, 0, 1]);
    const model = await fit(csvSource(RENTS, options), { ...CPU, fitIntercept: false, epochs: 5000, tolerance: 0 });
    expect(Array.from(model.weights, Math.round)).toEqual([260, 280, -100, 20]);
  });

  test('go by the order of numbers where all levels are numbers, and of the alphabet else', async () => {
    const levels = async (text: string) => (await read(text, { target: 'y', categories: ['c'] })).features;
    expect(await levels('c,y\n10,1\n9,2\n100,3\n')).toEqual(['c=10', 'c=100']);
    expect(await levels('c,y\nb,1\nB,2\nä,3\na,4\n')).toEqual(['c=a', 'c=b', 'c=ä']);
  });

  test('that first occur far below are learned all the same, batch by batch', async () => {
    const text = `c,y\n${'b,1\n'.repeat(100_000)}a,2\n`;
    const { features, columns } = await read(inPieces(text, 65_536), { target: 'y', categories: ['c'] });
    expect(features).toEqual(['c=b']);
    expect([columns[0]?.[0], columns[0]?.at(-1)]).toEqual([1, 0]);
  });

  test('that the model does not know are refused, or 0', async () => {
    const options = { target: 'rent', categories: ['city'] };
    const strict = await fit(csvSource(RENTS, options), CPU);
    const unknown = [{ city: 'Rome', area: 1 }, { city: 'Ulm', area: 1 }]; // prettier-ignore
    await expectRefusal(
      () => strict.predict(unknown),
      'INVALID_VALUE',
      'row 1, column "city": "Ulm"',
      '"Oslo", "Paris"',
    );
    const lenient = await fit(csvSource(RENTS, { ...options, unseenLevels: 'zeros' }), CPU);
    const [, value] = await lenient.predict(unknown);
    expect(value).toBe((await lenient.predict([{ city: 'Oslo', area: 1 }]))[0]);
  });

  test('need columns that are there and are features', async () => {
    await expectFailure(RENTS, { target: 'rent', categories: ['town'] }, 'UNKNOWN_COLUMN', '"town"');
    const options = { target: 'rent', features: ['area'], categories: ['city'] };
    await expectFailure(RENTS, options, 'INVALID_OPTION', 'categories with "city", which is no feature');
  });

  test('of many levels are refused before memory runs out', async () => {
    const rows = Array.from({ length: 60_000 }, (_, i) => `level${i},${i}\n`).join('');
    await expectFailure(`c,y\n${rows}`, { target: 'y', categories: ['c'] }, 'TOO_LARGE', '59999 features');
  });
});

describe('polynomials', () => {
  test('add squares and products, none of which is another', async () => {
    const text = 'a,b,on,c,y\n2,3,yes,u,1\n5,7,no,v,2\n1,1,yes,w,3\n';
    const { features, columns } = await read(text, { target: 'y', categories: ['c'], polynomial: 2 });
    expect(features.slice(5)).toEqual(
      ['a^2', 'a*b', 'a*on', 'a*c=v', 'a*c=w', 'b^2', 'b*on', 'b*c=v', 'b*c=w', 'on*c=v', 'on*c=w'], // prettier-ignore
    );
    expect(columns[features.indexOf('a*b')]).toEqual([6, 35, 1]);
    expect(columns[features.indexOf('b*c=v')]).toEqual([0, 7, 0]);
  });

  test('of degree 3 fit a cubic exactly, and predict it', async () => {
    const xs = [-3, -2, -1, 0, 1, 2, 3];
    const text = `x,y\n${xs.map((x) => `${x},${2 * x ** 3 - x ** 2 + 4}\n`).join('')}`;
    const model = await solveExact(csvSource(text, { target: 'y', polynomial: 3 }));
    expect(model.featureNames).toEqual(['x', 'x^2', 'x^3']);
    expect((await model.predict([{ x: 10 }]))[0]).toBeCloseTo(1904, 6);
  });

  test('of too many columns are refused', async () => {
    const names = Array.from({ length: 200 }, (_, j) => `x${j}`);
    const text = `${names.join(',')},y\n${'1,'.repeat(200)}2\n`;
    await expectFailure(text, { target: 'y', polynomial: 2 }, 'INVALID_OPTION', 'polynomial 2 of 200 features');
  });
});

describe('a saved encoder', () => {
  const saved = async () => {
    const options = { target: 'rent', categories: ['city'], missing: 'mean', missingValues: ['gap'] } as const;
    const text = RENTS.replaceAll(',4', ',"4').replaceAll(/"(\d+)/g, '"$1"');
    return JSON.parse(JSON.stringify(await fit(csvSource(text, options), CPU))) as { encoder: object };
  };

  test('keeps levels, means, shares, notations and words for missing values', async () => {
    const text = 'when;size;city;y\n2024-01-01;1.234,5 m²;A;1\n2024-01-03;2,5 m²;B;2\n;gap;A;3\n';
    const options = { target: 'y', categories: ['city'], dates: ['when'], missing: 'mean', missingValues: ['gap'], units: ['m²'] } as const; // prettier-ignore
    const model = await fit(csvSource(text, options), CPU);
    const loaded = LinearModel.fromJSON(JSON.parse(JSON.stringify(model)));
    expect(loaded.encoder).toEqual(model.encoder);
    expect(loaded.encoder?.toJSON()).toEqual({
      polynomial: 1,
      missingValues: ['gap'],
      columns: [
        { name: 'when', kind: 'date', unit: 'days', mean: 19724 },
        { name: 'size', kind: 'number', mean: 618.5, notation: { decimal: ',', thousands: '.', unit: 'm²' } },
        { name: 'city', kind: 'category', levels: ['A', 'B'], dropped: 0, unseen: 'error', shares: [2 / 3, 1 / 3] },
      ],
    });
    // 1,234 by itself could be read in two ways: the model knows its notation.
    const [read, meant] = await loaded.predict([
      { when: '2024-01-01', size: '1,234', city: 'A' },
      { when: new Date('2024-01-01'), size: 1.234, city: 'A' },
    ]);
    expect(read).toBe(meant);
  });

  test.each<[string, object | ((encoder: { columns: object[] }) => object), string]>([
    ['no columns', { polynomial: 1, missingValues: [] }, 'no columns'],
    ['another degree', (encoder) => ({ ...encoder, polynomial: 9 }), '9 in encoder.polynomial'],
    [
      'other features',
      (encoder) => ({ ...encoder, columns: encoder.columns.slice(1) }),
      'an encoder of other features',
    ],
    [
      'a kind of its own',
      (encoder) => ({ ...encoder, columns: [{ name: 'a', kind: 'colour' }] }),
      "'colour' in encoder.columns[0].kind",
    ],
    [
      'a mean that is no number',
      (encoder) => ({ ...encoder, columns: [{ name: 'a', kind: 'number', mean: '3' }] }),
      "'3' in encoder.columns[0].mean",
    ],
  ])('is refused with %s', async (_, change, text) => {
    const model = await saved();
    const encoder = typeof change === 'function' ? (change as (given: object) => object)(model.encoder) : change;
    await expectRefusal(() => LinearModel.fromJSON({ ...model, encoder }), 'INVALID_FILE', text);
  });

  test('is not there where each column is a feature as it is', async () => {
    expect((await fit(csvSource('x,y\n1,2\n2,4\n', { target: 'y' }), CPU)).encoder).toBeNull();
    expect(new Encoder([{ name: 'x', kind: 'number' }]).isIdentity).toBe(true);
  });
});
