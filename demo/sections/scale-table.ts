import { create } from '../../pages/dom.js';
import type { ScaleState } from '../lesson/scale-lesson.js';
import { type Measured, type Way, WAYS } from '../lesson/scale-measure.js';
import { nameOf } from '../page/device.js';
import { csvOf } from '../page/export.js';
import type { Page } from '../page/section.js';

/** The program of the lesson has so many; of fewer the time is worked out. */
const EPOCHS = 100;

/** A time is measured to no more. */
const DIGITS = 2;

/** Fewer rows than this: an epoch is mostly waiting. */
const FEW_ROWS = 50_000;

/** The times of each way, side by side. */
export function measuresTable({ text, format }: Page, measured: readonly Measured[]): HTMLElement {
  const words = text.scale;
  const ways = WAYS.flatMap((way) => measured.find((one) => one.way === way) ?? []);
  const ms = (value: number) => words.ms(format.significant(value, DIGITS));
  const cells: Record<keyof typeof words.rowNames, (one: Measured) => string> = {
    device: ({ adapter, threads }) => {
      if (!adapter) return words.places.cpu(threads);
      return adapter.isSoftware ? `${nameOf(adapter)} (${words.places.software})` : nameOf(adapter);
    },
    prepare: ({ way, prepareMs }) => (way === 'cpu' ? '–' : ms(prepareMs)),
    epoch: ({ epochMs }) => ms(epochMs),
    hundred: ({ epochMs, epochs }) => {
      const whole = ms(EPOCHS * epochMs);
      return epochs < EPOCHS ? words.about(whole) : whole;
    },
    total: ({ way, prepareMs, epochMs }) => (way === 'cpu' ? '–' : ms(prepareMs + EPOCHS * epochMs)),
    perSecond: ({ epochMs }) => format.count(Number((1000 / epochMs).toPrecision(DIGITS))),
    bandwidth: ({ gigabytesPerSecond }) =>
      gigabytesPerSecond === null ? '–' : words.gigabytes(format.significant(gigabytesPerSecond, DIGITS)),
    firstLoss: ({ firstLoss }) => format.number(firstLoss, 5),
    lastLoss: ({ lastLoss }) => format.number(lastLoss, 5),
  };
  const head = ways.map(({ way }) => create('th', { scope: 'col' }, words.ways[way]));
  const rows = (Object.keys(cells) as (keyof typeof cells)[]).map((key) =>
    create(
      'tr',
      { 'data-row': key },
      create('th', { scope: 'row' }, words.rowNames[key]),
      ...ways.map((one) => create('td', { 'data-way': one.way }, cells[key](one))),
    ),
  );
  const corner = create('td', {});
  return create(
    'table',
    { class: 'measures' },
    create('thead', {}, create('tr', {}, corner, ...head)),
    create('tbody', {}, ...rows),
  );
}

/** The findings, in a sentence or two. */
export function measuresWords({ text, format }: Page, { measured, run }: ScaleState): string {
  const words = text.scale;
  const epochOf = (way: Way) => measured.find((one) => one.way === way)?.epochMs;
  const [gpu, cpu] = [epochOf('streaming'), epochOf('cpu')];
  const said: string[] = [];
  if (gpu !== undefined && cpu !== undefined) {
    const isFaster = gpu < cpu;
    const times = format.significant(isFaster ? cpu / gpu : gpu / cpu, 2);
    said.push(isFaster ? words.faster(times) : words.slower(times));
    if (!isFaster && (run?.settings.rows ?? 0) < FEW_ROWS) said.push(words.smallNote);
  }
  if (measured.some(({ adapter }) => adapter?.isSoftware)) said.push(words.softwareNote);
  return said.join(' ');
}

export function measuresCsv(measured: readonly Measured[]): Blob {
  const names = [
    'way',
    'device',
    'is_software',
    'threads',
    'prepare_ms',
    'epochs',
    'epoch_ms',
    'gb_per_s',
    'loss_1',
    'last_loss',
  ];
  const rows = measured.map((one) => [
    one.way,
    one.adapter ? nameOf(one.adapter) : 'CPU',
    String(one.adapter?.isSoftware ?? false),
    one.threads,
    ...[one.prepareMs, one.epochs, one.epochMs, one.gigabytesPerSecond ?? '', one.firstLoss, one.lastLoss],
  ]);
  return csvOf(names, rows);
}
