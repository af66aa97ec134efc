import { allow, button } from '../page/controls.js';
import type { Page } from '../page/section.js';
import { defaultState, type PageState } from '../page/state.js';

/** Undo, by default for the points and the line, and a way back to how the page began; `reset` adds what else is reset. */
export function undoButtons(
  { text, history: ofLine, signal }: Page,
  reset?: () => void,
  history = ofLine,
): [HTMLButtonElement, HTMLButtonElement] {
  const undo = button(text.undo, () => history.undo());
  const all = button(text.reset, () => {
    reset?.();
    history.reset();
  });
  const show = () => allow(history.canUndo, undo);
  show();
  history.subscribe(show, signal);
  return [undo, all];
}

/** A way back to how the page began, of a section without points or lines of the reader's own. */
export function resetButton({ text, store }: Page, names: readonly (keyof PageState)[]): HTMLButtonElement {
  return button(text.reset, () => {
    const begin = defaultState();
    store.set(Object.fromEntries(names.map((name) => [name, begin[name]])));
  });
}
