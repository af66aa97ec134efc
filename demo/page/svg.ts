const SVG = 'http://www.w3.org/2000/svg';

type Attributes = Readonly<Record<string, string | number>>;

export function svg<Name extends keyof SVGElementTagNameMap>(
  name: Name,
  attributes: Attributes = {},
  ...children: readonly (Node | string)[]
): SVGElementTagNameMap[Name] {
  const made = document.createElementNS(SVG, name);
  setAttributes(made, attributes);
  made.append(...children);
  return made;
}

export function setAttributes(element: Element, attributes: Attributes): void {
  for (const [name, value] of Object.entries(attributes)) {
    const words = String(value);
    if (element.getAttribute(name) !== words) element.setAttribute(name, words); // the same again costs a new style
  }
}

/** Gives a group as many shapes as asked for; those that it has stay, since one of them may be held or have the focus. */
export function keepCount(group: SVGGElement, count: number, makeShape: (index: number) => SVGElement): void {
  while (group.childElementCount > count) group.lastElementChild?.remove();
  while (group.childElementCount < count) group.append(makeShape(group.childElementCount));
}

/** 'M 0 1 L 2 3' */
export function pathThrough(points: readonly (readonly [number, number])[]): string {
  return points.map(([x, y], i) => `${i === 0 ? 'M' : 'L'} ${x.toFixed(2)} ${y.toFixed(2)}`).join(' ');
}
