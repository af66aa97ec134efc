/** The elements that may be wider or higher than their place: code, tables, formulas. */
const MAY_SCROLL = '.scroll, .code, .tall, .features, math[display="block"]';

/** New ones are looked for this long after a change: a drag makes formulas anew many times a second. */
const REST_MS = 300;

/** Lets the keyboard reach, and so scroll, whatever does not fit its place; nothing else is a stop on its way. */
export function reachScrolled(root: HTMLElement, signal: AbortSignal): void {
  // Called for each new one, too, once the page has laid it out.
  const sizes = new ResizeObserver((entries) => mark(entries.map(({ target }) => target as HTMLElement)));
  const seen = new WeakSet<Element>();
  const look = () => {
    const all = [...root.querySelectorAll<HTMLElement>(MAY_SCROLL)];
    mark(all.filter((element) => seen.has(element)));
    for (const element of all) {
      if (!seen.has(element)) sizes.observe(element);
      seen.add(element);
    }
  };
  let timer: ReturnType<typeof setTimeout> | undefined;
  const changes = new MutationObserver(() => {
    timer ??= setTimeout(() => {
      timer = undefined;
      look();
    }, REST_MS);
  });
  changes.observe(root, { subtree: true, childList: true });
  look();
  signal.addEventListener(
    'abort',
    () => {
      clearTimeout(timer);
      sizes.disconnect();
      changes.disconnect();
    },
    { once: true },
  );
}

/** Looks at all of them before it changes one, after which the page would have to be laid out anew. */
function mark(elements: readonly HTMLElement[]): void {
  const areScrolled = elements.map(
    ({ scrollWidth, clientWidth, scrollHeight, clientHeight }) =>
      scrollWidth > clientWidth + 1 || scrollHeight > clientHeight + 1,
  );
  elements.forEach((element, i) => {
    const isScrolled = areScrolled[i];
    if (isScrolled && !element.hasAttribute('tabindex')) element.setAttribute('tabindex', '0');
    if (!isScrolled && element.getAttribute('tabindex') === '0' && element.getAttribute('role') !== 'group') {
      element.removeAttribute('tabindex');
    }
  });
}
