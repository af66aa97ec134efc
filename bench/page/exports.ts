import { csvOf } from '../csv.js';
import { markdownOf } from '../markdown.js';
import { type BenchResult, resultFileName } from '../result.js';
import { create } from '../../pages/dom.js';

const FORMATS = [
  { name: 'JSON', extension: 'json', type: 'application/json', text: jsonOf },
  { name: 'CSV', extension: 'csv', type: 'text/csv', text: csvOf },
  { name: 'Markdown', extension: 'md', type: 'text/markdown', text: markdownOf },
];

/** As `npm run bench` saves it. */
function jsonOf(result: BenchResult): string {
  return `${JSON.stringify(result, null, 1)}\n`;
}

/** A Copy and a Download button for each format. */
export function addExportButtons(host: HTMLElement, status: HTMLElement, result: () => BenchResult | null): void {
  for (const { name, extension, type, text } of FORMATS) {
    const copy = create('button', { type: 'button' }, `Copy ${name}`);
    copy.addEventListener('click', () => {
      const current = result();
      if (!current) return;
      navigator.clipboard.writeText(text(current)).then(
        () => (status.textContent = `${name} copied.`),
        (error: unknown) => (status.textContent = `Not copied: ${String(error)}. Download it instead.`),
      );
    });
    const save = create('button', { type: 'button' }, `Download ${name}`);
    save.addEventListener('click', () => {
      const current = result();
      if (!current) return;
      const file = resultFileName(current, extension);
      const url = URL.createObjectURL(new Blob([text(current)], { type }));
      create('a', { href: url, download: file }).click();
      URL.revokeObjectURL(url);
      status.textContent = `Saved as ${file}.`;
    });
    host.append(copy, save);
  }
}
