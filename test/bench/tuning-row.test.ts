// The row that `npm run bench -- --tune` and the benchmark page print.

import { expect, it } from 'vitest';
import { parseBenchCommand } from '../../bench/arguments.js';
import { tuningRow } from '../../bench/tuning-row.js';

const adapter = { vendor: 'intel', architecture: 'xe-lpg', description: 'Intel Arc', isSoftware: false };
const date = new Date('2026-01-02T03:04:05Z');

it('names the adapter, the place and the day, and the numbers that differ', () => {
  const row = tuningRow({ adapter, changes: { sumsSize: 128 } }, 'Chrome/152', date);
  expect(row.split('\n')).toEqual([
    expect.stringMatching(/^\/\/ .*intel.*, Chrome\/152, 2026-01-02$/i) as string,
    '{"vendor":"intel","architecture":"xe-lpg"}: {"sumsSize":128}',
  ]);
});

it('says that nothing is faster where nothing is', () => {
  expect(tuningRow({ adapter, changes: {} }, 'Chrome/152', date)).toContain('{} // nothing is faster by 5 %');
});

it('is asked for by --tune, in the browser or in Node', () => {
  expect(parseBenchCommand(['--tune'], [])).toEqual({ tune: true, runtime: 'browser' });
  expect(parseBenchCommand(['--tune', '--runtime', 'node'], [])).toEqual({ tune: true, runtime: 'node' });
});
