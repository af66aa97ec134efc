// The reader's own data: a CSV file, two of its columns and the line through them.

import { create } from '../../bench/page/dom.js';
import type { OwnResult } from '../lesson/own-data.js';
import { freshId, Readout, status } from '../page/controls.js';
import { csvOf } from '../page/export.js';
import { figure } from '../page/figure.js';
import { Plot } from '../page/plot.js';
import type { Page } from '../page/section.js';
import { pathThrough, svg } from '../page/svg.js';

export function mountOwn(host: HTMLElement, page: Page): void {
  const { text, own, format, signal } = page;
  const words = text.own;
  let result: OwnResult | null = null;

  const input = create('input', { type: 'file', accept: '.csv,.tsv,.txt,text/csv', id: freshId() });
  input.addEventListener('change', () => {
    const [file] = input.files ?? [];
    if (file) void own.open(file);
  });
  const drop = create('div', { class: 'panel drop' }, create('label', { for: input.id }, words.drop), input);
  drop.addEventListener('dragover', (event) => event.preventDefault());
  drop.addEventListener('drop', (event) => {
    event.preventDefault();
    const [file] = event.dataTransfer?.files ?? [];
    if (file) void own.open(file);
  });

  const feature = column(words.feature, 'feature', (name) => void own.choose({ feature: name }));
  const target = column(words.target, 'target', (name) => void own.choose({ target: name }));
  const values = new Readout([
    { key: 'w', name: text.parameterNames.w },
    { key: 'b', name: text.parameterNames.b },
    { key: 'loss', name: words.loss },
    { key: 'epochs', name: words.epochs },
  ]);
  const told = status();
  const picture = figure(page, {
    name: 'own-data',
    caption: words.caption,
    csv: () =>
      csvOf(
        ['x', 'y'],
        (result?.points ?? []).map(({ x, y }) => [x, y]),
      ),
  });
  const panel = create('div', { class: 'panel' }, feature.element, target.element, values.element);
  const shown = create('div', { class: 'columns' }, picture.element, panel);
  host.append(create('p', {}, words.lead), create('p', {}, words.stays), drop, told.element, shown);

  const plot = new Plot(picture.host, { label: words.plotLabel, xName: 'x', yName: 'y', format, signal });
  const dots = plot.layer('points');
  const fitted = plot.layer('line');
  const draw = () => {
    if (!result) return;
    const { points, line } = result;
    plot.frame(rangeOf(points.map(({ x }) => x)), rangeOf([...points, ...line].map(({ y }) => y)));
    dots.replaceChildren(
      ...points.map(({ x, y }) => svg('circle', { class: 'row', cx: plot.px(x), cy: plot.py(y), r: 3 })),
    );
    fitted.replaceChildren(svg('path', { d: pathThrough(line.map(({ x, y }) => [plot.px(x), plot.py(y)] as const)) }));
  };
  plot.onResize(draw);

  own.subscribe((state) => {
    ({ result } = state);
    shown.hidden = !result && state.columns.length === 0;
    picture.element.hidden = !result;
    feature.set(state.columns, state.feature);
    target.set(state.columns, state.target);
    const { model } = result ?? {};
    values.set('w', format.number(model?.weights[0] ?? NaN));
    values.set('b', format.number(model?.bias ?? NaN));
    values.set('loss', format.number(model?.report?.lossHistory.at(-1) ?? NaN));
    values.set('epochs', format.count(model?.report?.epochsRun ?? 0));
    if (state.problem) told.say(state.problem);
    else if (result) told.say(words.done(state.feature, state.target));
    else told.say(state.file ? words.reading : '');
    plot.rename(state.feature);
    draw();
  }, signal);
}

/** A list of the file's columns to choose one from. */
function column(label: string, name: string, onChoose: (name: string) => void) {
  const id = freshId();
  const select = create('select', { id, name });
  select.addEventListener('change', () => onChoose(select.value));
  return {
    element: create('div', {}, create('label', { for: id }, label), ' ', select),
    set: (columns: readonly string[], chosen: string) => {
      select.replaceChildren(...columns.map((value) => create('option', { value }, value)));
      select.value = chosen;
    },
  };
}

/** From the least to the largest value, with a margin; around a single value, too. */
function rangeOf(values: readonly number[]): readonly [number, number] {
  const low = Math.min(...values);
  const high = Math.max(...values);
  const margin = 0.05 * (high - low) || 0.5;
  return [low - margin, high + margin];
}
