import { create } from '../../pages/dom.js';

/** The parts that a section shows at once: pictures, and beside them all that steers them. */
export interface StageParts {
  pictures: readonly Node[];
  controls: readonly Node[];
  /** The choices for all of it, in a row above. */
  head?: readonly Node[];
}

/** All of it fits the window of a laptop; a telephone keeps the first picture in view while the controls scroll by. */
export function stage({ pictures, controls, head = [] }: StageParts): HTMLElement {
  return create(
    'div',
    { class: `stage of-${pictures.length}` },
    ...(head.length > 0 ? [create('div', { class: 'stage-head' }, ...head)] : []),
    ...pictures,
    create('div', { class: 'panel' }, ...controls),
  );
}

/** Further reading below a stage, closed at first. */
export function fold(summary: string, ...content: readonly (Node | string)[]): HTMLDetailsElement {
  return create('details', { class: 'fold' }, create('summary', {}, summary), ...content);
}
