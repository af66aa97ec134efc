import { describe, expect, test } from 'vitest';
import manual from '../../docs/command-line.md?raw';
import { parseCommand } from '../../src/node/cli/arguments.js';
import { kebab } from '../../src/node/cli/flags.js';
import { helpText } from '../../src/node/cli/help.js';
import { VERBS } from '../../src/node/cli/help-topic.js';
import { READING } from '../../src/options/reading.js';
import { SETTINGS } from '../../src/options/settings.js';

describe('the help', () => {
  test('names every setting, its range and its default', () => {
    const text = helpText('all', 10_000);
    for (const { name, range, default: value } of SETTINGS) {
      expect(text).toContain(`--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)} `);
      if (typeof value !== 'boolean')
        expect(text).toContain(
          `${range.slice(1)}${name === 'memoryBudget' ? ', or with a unit, such as 512MB' : ''}. Default`,
        );
    }
    for (const { name } of READING) {
      expect(text).toContain(`--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)} `);
    }
    expect(text).toContain('Default 1; with --data auto.');
    expect(text).toContain('multiply λ by it every --decay-every epochs'); // and not decayEvery, which is how the library has it
  });

  test('has examples that may be typed, as has its page', () => {
    const texts = [
      ...(['overview', 'all', 'fit'] as const).map((topic) =>
        helpText(topic, 200).matchAll(/^ {2}webgpu-descent ((?:fit|predict) .*)$/gm),
      ),
      manual.matchAll(/^ {4}((?:fit|moments|merge) .*)$/gm),
    ];
    const lines = texts.flatMap((matches) => Array.from(matches, ([, line = '']) => line));
    expect(lines.length).toBeGreaterThan(8);
    for (const line of lines) {
      const [verb] = line.split(' ');
      expect(parseCommand(line.split(' ')).kind).toBe(line.startsWith('fit --moments') ? 'fitMoments' : verb);
    }
  });

  test('names each setting once, under a task, and fit has all of them', () => {
    for (const topic of ['all', 'fit'] as const) {
      const lines = helpText(topic, 10_000).split('\n');
      for (const name of [...SETTINGS, ...READING].map((spec) => kebab(spec.name)))
        expect(lines.filter((line) => line.startsWith(`  --${name} `))).toHaveLength(1);
    }
    expect(helpText('predict', 10_000)).not.toContain('--epochs');
    expect(helpText('merge', 10_000)).not.toContain('--data ');
    expect(helpText('doctor', 10_000).match(/^ {2}--.*/gm)).toEqual([expect.stringMatching(/--json/)]);
  });

  test.each([80, 100])(
    'of no topic fits a screen of %d columns, with three examples and the optional packages',
    (width) => {
      const text = helpText('overview', width);
      expect(text.split('\n').length).toBeLessThanOrEqual(24);
      expect(text.match(/^ {2}webgpu-descent /gm)).toHaveLength(3);
      for (const name of [...VERBS, 'papaparse', 'hyparquet', 'apache-arrow', 'puppeteer', '--help all'])
        expect(text).toContain(name);
    },
  );

  test.each([60, 80, 100])('fits %d columns', (width) => {
    const widest = Math.max(
      ...helpText('all', width)
        .split('\n')
        .map((line) => line.length),
    );
    expect(widest).toBeLessThanOrEqual(width);
    expect(widest).toBeGreaterThan(width - 20);
  });
});
