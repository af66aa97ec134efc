import { create } from '../../pages/dom.js';

/** Twice the pixels of the page, for a slide or a worksheet. */
const SCALE = 2;

/** The part of the page's style that an image of its own has to carry. */
const CARRIED = [
  'fill',
  'fill-opacity',
  'stroke',
  'stroke-width',
  'stroke-dasharray',
  'stroke-opacity',
  'opacity',
  'font-family',
  'font-size',
  'font-weight',
  'visibility',
] as const;

/** Hands a file to the browser's downloads. */
export function save(content: Blob, name: string): void {
  const url = URL.createObjectURL(content);
  create('a', { href: url, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000); // the download has begun by then
}

/** 'x,y\n1,2\n'; every number with all its digits. */
export function csvOf(names: readonly string[], rows: readonly (readonly (number | string)[])[]): Blob {
  return new Blob([csvLines([names, ...rows])], { type: 'text/csv' });
}

/** Lines of cells, those in quotes that hold what divides cells or lines. */
export function csvLines(rows: readonly (readonly (number | string)[])[]): string {
  const cellOf = (cell: number | string) => {
    const words = String(cell);
    return /[",\n\r]/.test(words) ? `"${words.replaceAll('"', '""')}"` : words;
  };
  return rows.map((cells) => `${cells.map(cellOf).join(',')}\n`).join('');
}

export async function pngOfSvg(drawing: SVGSVGElement): Promise<Blob> {
  const { width, height } = drawing.viewBox.baseVal;
  const copy = drawing.cloneNode(true) as SVGSVGElement;
  const originals = [drawing, ...drawing.querySelectorAll('*')];
  [copy, ...copy.querySelectorAll('*')].forEach((element, i) => carryStyle(originals[i] as Element, element));
  copy.setAttribute('xmlns', 'http://www.w3.org/2000/svg');
  const blob = new Blob([new XMLSerializer().serializeToString(copy)], { type: 'image/svg+xml' });
  const url = URL.createObjectURL(blob);
  try {
    const image = new Image(width, height);
    image.src = url;
    await image.decode();
    return await pngOf(image, SCALE * width, SCALE * height);
  } finally {
    URL.revokeObjectURL(url);
  }
}

export function pngOfCanvas(drawn: HTMLCanvasElement): Promise<Blob> {
  return pngOf(drawn, drawn.width, drawn.height);
}

/** On the page's own ground: words in the colour of a dark page cannot be read on white. */
function pngOf(picture: CanvasImageSource, width: number, height: number): Promise<Blob> {
  const canvas = create('canvas', { width: String(width), height: String(height) });
  const context = canvas.getContext('2d') as CanvasRenderingContext2D;
  context.fillStyle = getComputedStyle(document.body).backgroundColor;
  context.fillRect(0, 0, width, height);
  context.drawImage(picture, 0, 0, width, height);
  return new Promise((resolve, reject) => {
    canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error('the browser made no PNG'))), 'image/png');
  });
}

function carryStyle(from: Element, to: Element): void {
  const style = getComputedStyle(from);
  for (const name of CARRIED) to.setAttribute(name, style.getPropertyValue(name));
}
