import { describe, expect, it } from 'vitest';
import { csvOf } from '../../bench/csv.js';
import { markdownOf } from '../../bench/markdown.js';
import { withBenchTable } from '../../bench/readme-table.js';
import { resultFileName } from '../../bench/result.js';
import { collectDataset } from '../../src/index.js';
import { csvSource } from '../../src/data/csv.js';
import { arm, benchResult, missing, sized } from './sample.js';

const result = benchResult(
  sized(
    1000,
    2,
    arm('webgpu-descent', 'ours', 0.5),
    arm('jax-js WebGPU: two matmuls', 'peer-webgpu', 0.75),
    arm('tfjs WebGPU: sums', 'peer-webgpu', 2),
    arm('numpy: rows', 'peer-cpu', 0.125),
    arm('plain JS loop', 'cpu', 0.25),
  ),
  sized(
    1_000_000,
    8,
    arm('webgpu-descent', 'ours', 2),
    missing('jax-js WebGPU', 'peer-webgpu', 'out of memory'),
    { ...arm('tfjs WebGPU: a|b', 'peer-webgpu', 1), correct: false },
    arm('plain JS loop', 'cpu', 600),
  ),
);

describe('Markdown', () => {
  it('compares our arm with the fastest correct rival of each kind, and says what is missing', () => {
    expect(markdownOf(result).split('\n')).toEqual([
      'Milliseconds per epoch, full batch, median. Adapter: acme one, which copies 100 GB/s; Chrome/147.0; 8 cores; 2025-01-31.',
      '',
      '| rows × features | webgpu-descent | GB/s | fastest WebGPU peer | we are | fastest on the CPU | we are |',
      '| --- | --: | --: | --: | --: | --: | --: |',
      '| 1,000 × 2 | 0.500 | 2.00 | jax-js WebGPU 0.750 | 1.50× as fast | numpy 0.125 | 4.00× slower |',
      '| 1,000,000 × 8 | 2.00 | 0.500 | – | – | plain JS loop 600 | 300× as fast |',
      '',
      '- 1,000,000 × 8: jax-js WebGPU: did not run: out of memory',
      '- 1,000,000 × 8: tfjs WebGPU: a|b: its loss is wrong',
      '',
    ]);
  });

  it('has no column for rivals that nobody ran, and names a software adapter', () => {
    const own = benchResult(sized(1000, 2, arm('webgpu-descent', 'ours', 0.5)));
    own.environment.adapter = { vendor: 'google', architecture: 'swiftshader', description: '', isSoftware: true };
    const [caption, , head] = markdownOf(own).split('\n');
    expect(caption).toContain('google swiftshader, which copies 100 GB/s, a software adapter');
    expect(head).toBe('| rows × features | webgpu-descent | GB/s |');
  });

  it('goes between the marks of a README, again and again', () => {
    const readme = 'before\n<!-- bench -->\n<!-- /bench -->\nafter\n';
    const once = withBenchTable(readme, 'first\n');
    expect(once).toBe('before\n<!-- bench -->\n\nfirst\n\n<!-- /bench -->\nafter\n');
    expect(withBenchTable(once, 'second\n')).toBe(once.replace('first', 'second'));
    expect(() => withBenchTable('<!-- /bench --><!-- bench -->', '')).toThrow('README.md lacks <!-- bench -->');
  });
});

describe('CSV', () => {
  it('has a line per arm and case, which our own reader takes', async () => {
    const lines = csvOf(result).split('\r\n');
    expect(lines).toHaveLength(1 + 5 + 4 + 1);
    expect(lines[0]).toMatch(/^rows,features,name,kind,ms_per_epoch,ms_per_epoch_q1,ms_per_epoch_q3,/);
    expect(lines[1]).toMatch(/^1000,2,webgpu-descent,ours,0\.5,0\.45,0\.55/);
    expect(lines[1]).toContain('"1.0, ""quoted"""');
    const source = csvSource(new Blob([csvOf(benchResult(result.cases[0] as (typeof result.cases)[0]))]), {
      target: 'ms_per_epoch',
      features: ['rows', 'cores'],
    });
    const { targets } = await collectDataset(source);
    expect([...targets]).toEqual([0.5, 0.75, 2, 0.125, 0.25]);
  });

  it('leaves empty what was not measured', () => {
    const line = csvOf(result).split('\r\n')[7] as string;
    expect(line).toMatch(/^1000000,8,jax-js WebGPU,peer-webgpu,,,,,/);
    expect(line).toContain('out of memory');
  });
});

describe('a file name', () => {
  it('has the date and the adapter', () => {
    expect(resultFileName(result, 'csv')).toBe('2025-01-31T120000-acme-one.csv');
  });
});
