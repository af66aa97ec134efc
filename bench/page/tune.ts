import { tuneAdapter, tuningRow } from '../tuning-row.js';
import { browserName } from './adapter.js';

/** Has the button tune the adapter, and show a row for tuning.ts. `isBusy`: true while something is measured. */
export function addTuneButton(button: HTMLButtonElement, output: HTMLElement, isBusy: () => boolean): void {
  button.addEventListener('click', () => {
    if (isBusy()) {
      output.textContent = 'Wait until the benchmark is done: both would disturb each other.';
      return;
    }
    button.disabled = true;
    output.textContent = 'Tuning.';
    void tuneAdapter()
      .then(
        (tuned) => tuningRow(tuned, browserName(navigator.userAgent)),
        (error: unknown) => `Stopped: ${error instanceof Error ? error.message : String(error)}`,
      )
      .then((text) => {
        output.textContent = text;
        button.disabled = false;
      });
  });
}
