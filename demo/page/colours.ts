import { create } from '../../pages/dom.js';

/** The colour that a class of the style sheet has now, '#rrggbb' or 'rgb(…)', for what is painted and not styled. */
export function colourOf(className: string): string {
  const probe = create('span', { class: className });
  document.body.append(probe);
  const { color } = getComputedStyle(probe);
  probe.remove();
  return color;
}

/** Red, green and blue of a colour, 0 to 255. */
export function channelsOf(colour: string): readonly [number, number, number] {
  const [red = 0, green = 0, blue = 0] = [...colour.matchAll(/[\d.]+/g)].map(([number]) => Number(number));
  return [red, green, blue];
}
