import { tuneAdapter, tuningRow } from '../tuning-row.js';
import { browserName } from './browser-name.js';
import { text } from './text.js';

/** Has the button tune the adapter, and show a row for tuning.ts. `isBusy`: true while something is measured. */
export function addTuneButton(button: HTMLButtonElement, output: HTMLElement, isBusy: () => boolean): void {
  button.addEventListener('click', () => {
    if (isBusy()) {
      output.textContent = text.tuneBusy;
      return;
    }
    button.disabled = true;
    output.textContent = text.tuning;
    void tuneAdapter()
      .then(
        (tuned) => tuningRow(tuned, browserName(navigator.userAgent)),
        (error: unknown) => text.stopped(error instanceof Error ? error.message : String(error)),
      )
      .then((words) => {
        output.textContent = words;
        button.disabled = false;
      });
  });
}
