// Hostile input: whatever comes, the answer is a result or a code, soon, and nothing else in the process has changed.
// `HOSTILE=1000000 npx vitest run --project node test/trust/hostile.test.ts` for more of it.

import { tableFromArrays, tableToIPC } from 'apache-arrow';
import { describe, expect, it } from 'vitest';
import { arrowSource } from '../../src/data/arrow.js';
import { csvNumericColumns, csvSource } from '../../src/data/csv.js';
import { parquetSource } from '../../src/data/parquet.js';
import { DescentError } from '../../src/base/errors.js';
import {
  computeMoments,
  createDataset,
  fit,
  fitMany,
  LinearModel,
  Moments,
  resume,
  solveExact,
} from '../../src/index.js';
import { sqlModelText } from '../support/sql-model.js';
import { recordFigures } from '../support/figures.js';
import { Chance, mutated, mutatedBytes, mutatedText } from '../support/mutations.js';
import { workedMs, workOf } from '../support/worked-ms.js';

/** Number of mutations of all kinds together. */
const ALL = Number(process.env['HOSTILE'] ?? 10_000);

/** The most that the processor may work for an answer. Most take a tenth of a millisecond. */
const MOST_MS = 50;

/** An answer that took longer is asked for again so many times: a compiler or a collector of garbage comes between now and then. */
const TRIES = 4;

const DATA = { columns: { a: [1, 2, 4, 3, 5], b: [0, 1, 0, 2, 1] }, targets: [1, 3, 2, 5, 4] };
const CPU = { backend: 'cpu', epochs: 5 } as const;
const TABLE = [
  { city: 'Bonn', area: '1.200,5', day: '31.03.2024', price: 10 },
  { city: 'Köln', area: '80', day: '2024-04-01', price: 12 },
  { city: 'Bonn', area: '75,5', day: '2024-05-01', price: 9 },
];
const CSV = 'area,rooms,city,price\n120,4,"Bonn, Beuel",3.5e5\n80.5,3,Köln,2e5\n75,NA,Köln,1.9e5\n60,2,Bonn,1.5e5\n';

const model = await fit(DATA, CPU);
const encoded = await fit({ table: TABLE, target: 'price', categories: ['city'], dates: ['day'] }, CPU);
const moments = (await computeMoments(DATA, { backend: 'cpu' })).toJSON();
const checkpoint = (await fit(DATA, { ...CPU, optimizer: 'adam', validationFraction: 0.2, pathEvery: 2 })).checkpoint();
const arrow = tableToIPC(tableFromArrays({ x: Float64Array.of(1, 2, 3), y: Float64Array.of(2, 4, 7) }));

type Attack = (chance: Chance) => unknown;
const any = (value: unknown) => value as never;

/** Doors of the library, each with what comes through it. */
const DOORS: Record<string, Attack> = {
  'a model': async (chance) => {
    const loaded = LinearModel.fromJSON(mutated(model.toJSON(), chance));
    await loaded.predict([[1, 2]]).catch(passCodes);
  },
  'a model of a table': async (chance) => {
    const loaded = LinearModel.fromJSON(mutated(encoded.toJSON(), chance));
    await loaded.predict(TABLE).catch(passCodes);
    await sqlModelText(loaded).catch(passCodes);
  },
  moments: (chance) => solveExact(Moments.fromJSON(mutated(moments, chance))),
  'a checkpoint': (chance) => resume(any(mutated(checkpoint, chance)), DATA, { backend: 'cpu', epochs: 8 }),
  data: (chance) => fit(any(mutated(DATA, chance)), CPU),
  'data of rows': (chance) => createDataset(any(mutated({ features: [[1, 2], [3, 4]], targets: [1, 2], featureNames: ['a', 'b'] }, chance))), // prettier-ignore
  'a table': (chance) => fit(any(mutated({ table: TABLE, target: 'price', categories: ['city'] }, chance)), CPU),
  options: (chance) =>
    fit(DATA, any(mutated({ ...CPU, learningRate: 0.1, l2: 0, seed: 1, optimizer: 'adam' }, chance))),
  'options of several models': (chance) => fitMany(DATA, any(mutated([{ l1: 0 }, { l2: 1 }], chance)), any(mutated(CPU, chance))), // prettier-ignore
  'options of a file': (chance) => fit(csvSource(CSV, any(mutated({ target: 'price', features: ['area'], delimiter: ',', categories: [] }, chance))), CPU), // prettier-ignore
  'features to predict': (chance) => encoded.predict(any(mutated(TABLE, chance))),
  'rows to predict': (chance) => model.predict(any(mutated([[1, 2], [3, 4]], chance))), // prettier-ignore
  CSV: (chance) => fit(csvSource(mutatedText(CSV, chance), { target: 'price', categories: ['city'], missing: 'drop' }), CPU), // prettier-ignore
  'CSV to look at': (chance) => csvNumericColumns(mutatedText(CSV, chance)),
  'the bytes of CSV': (chance) => fit(csvSource(new Blob([mutatedBytes(new TextEncoder().encode(CSV), chance) as Uint8Array<ArrayBuffer>]), { target: 'price', features: ['area'] }), CPU), // prettier-ignore
  // Cut only: the package does not bound what the metadata of other bytes make it do.
  'the bytes of Arrow': (chance) => fit(arrowSource(arrow.slice(0, chance.below(arrow.length)), { target: 'y' }), CPU),
  'the bytes of Parquet': (chance) => fit(parquetSource(mutatedBytes(PARQUET, chance).buffer as ArrayBuffer, { target: 'y' }), CPU), // prettier-ignore
};

/** A few bytes that begin and end as Parquet does. */
const PARQUET = new TextEncoder().encode(`PAR1${'\u0015\u0004\u0000some pages'.repeat(3)}\u0010\u0000\u0000\u0000PAR1`);

function passCodes(error: unknown): void {
  if (!(error instanceof DescentError)) throw error;
}

const prototypes = [Object.prototype, Array.prototype, Function.prototype];
const keysOfPrototypes = () => prototypes.map((prototype) => Reflect.ownKeys(prototype).length);

/** The least work of several answers to the same. */
async function leastWork(attack: Attack, seed: number): Promise<number> {
  const times: number[] = [];
  for (let k = 0; k < TRIES; k++)
    times.push(await workOf(() => Promise.resolve(attack(new Chance(seed))).catch(passCodes)));
  return Math.min(...times);
}

describe('hostile input', { timeout: 30_000 + ALL }, () => {
  const each = Math.ceil(ALL / Object.keys(DOORS).length);
  const slowest: [number, string][] = [];

  it.each(Object.entries(DOORS))(`has a result or a code, ${each} times: %s`, async (door, attack) => {
    const before = keysOfPrototypes();
    for (let seed = 0; seed < each; seed++) {
      const startMs = workedMs();
      let outcome: unknown;
      try {
        outcome = await attack(new Chance(seed + 1));
      } catch (error) {
        // The words of the caller's own objects pass through as they are; all others are the library's.
        if (!(error instanceof DescentError))
          throw new Error(`${door}, seed ${seed + 1}: ${String(error)}`, { cause: error });
        expect(error.message.length, `${door}, seed ${seed + 1}`).toBeLessThan(20_000);
      }
      if (outcome instanceof LinearModel) {
        expect([...outcome.weights, outcome.bias].every(Number.isFinite), `${door}, seed ${seed + 1}`).toBe(true);
      }
      const elapsedMs = workedMs() - startMs;
      const leastMs = elapsedMs > MOST_MS ? Math.min(elapsedMs, await leastWork(attack, seed + 1)) : elapsedMs;
      slowest.push([leastMs, `${door}, seed ${seed + 1}`]);
      slowest.sort(([a], [b]) => b - a).splice(3);
    }
    expect(keysOfPrototypes()).toEqual(before);
    expect('polluted' in {}).toBe(false);
  });

  it(`takes at most ${MOST_MS} ms of the processor`, async () => {
    expect(slowest.length).toBeGreaterThan(0);
    for (const [elapsedMs, place] of slowest) expect(elapsedMs, place).toBeLessThan(MOST_MS);
    await recordFigures('hostile', { mutations: each * Object.keys(DOORS).length, slowestMs: Math.round(slowest[0]?.[0] ?? 0) }); // prettier-ignore
  });
});
