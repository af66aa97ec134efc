import { create } from '../../pages/dom.js';
import { button } from './controls.js';
import { pngOfCanvas, pngOfSvg, save } from './export.js';
import type { Page } from './section.js';

export interface FigureOptions {
  /** The name of saved files, without its ending. */
  name: string;
  caption: string;
  /** The numbers behind the picture; left out where another figure beside it saves the same. */
  csv?: () => Blob | Promise<Blob>;
  /** The picture, where it is more than an SVG or a canvas. */
  png?: () => Promise<Blob>;
}

/** A picture with its caption, which can be saved: `host` takes an SVG or a canvas, `say` another caption. */
export function figure(
  { text }: Page,
  { name, caption, csv, png }: FigureOptions,
): { element: HTMLElement; host: HTMLElement; say: (caption: string) => void } {
  const host = create('div', { class: 'picture' });
  const savePicture = async () => {
    const drawn = host.querySelector<SVGSVGElement | HTMLCanvasElement>('svg, canvas');
    if (png) save(await png(), `${name}.png`);
    else if (drawn) save(await (drawn instanceof SVGSVGElement ? pngOfSvg(drawn) : pngOfCanvas(drawn)), `${name}.png`);
  };
  const buttons = create('div', { class: 'exports' });
  buttons.append(button(text.savePng, () => void savePicture()));
  const saveNumbers = async (numbers: NonNullable<typeof csv>) => save(await numbers(), `${name}.csv`);
  if (csv) buttons.append(button(text.saveCsv, () => void saveNumbers(csv)));
  const shown = create('figcaption', {}, caption);
  const element = create('figure', {}, host, shown, buttons);
  return { element, host, say: (words) => (shown.textContent = words) };
}
