/** Pictures are drawn a little before they are seen. */
const MARGIN = '25%';

/** A drawing that is made when it is seen. */
export interface Drawing {
  /** Has it drawn, or drawn anew. */
  request: () => void;
  /** Has it drawn anew if it was drawn before: its size has changed. */
  refresh: () => void;
  /** Draws what was asked for at once, for those who need its elements. */
  now: () => void;
}

/** Drawings of this frame: those in view, each once, however often it was asked for. */
const frame = new Set<() => void>();
/** Nothing was drawn since the last frame was shown. */
let isNewFrame = true;

/** First drawings of what is not in view: each in a turn of its own, once what is in view is there. */
const rest: (() => void)[] = [];

/** Drawings out of view that are no longer right: a screen reader reads them, so they follow when nothing is held and nothing was asked for a while. */
const stale = new Set<() => void>();
const QUIET_MS = 200;
let quiet: ReturnType<typeof setTimeout> | undefined;

/**
 * Draws an element when it is asked to: once a frame while it is in view, and otherwise when it comes there or all is quiet, since a
 * drag in one section changes the pictures of four. The first time what is out of view follows what is in view at once. Print counts as in view.
 */
export function whileInView(element: Element, draw: () => void, signal: AbortSignal): Drawing {
  let isInView: boolean | undefined; // undefined until the observer knows
  let isDrawn = false;
  let isStale = false;
  const drawIfStale = () => {
    if (!isStale || signal.aborted) return;
    isStale = false;
    isDrawn = true;
    draw();
  };
  const seen = (nowInView: boolean) => {
    isInView = nowInView;
    if (isInView) drawIfStale();
    else if (isStale && !isDrawn) later(drawIfStale);
  };
  const observer = new IntersectionObserver((entries) => seen(entries.at(-1)?.isIntersecting ?? true), {
    rootMargin: `${MARGIN} 0px`,
  });
  observer.observe(element);
  signal.addEventListener('abort', () => observer.disconnect(), { once: true });
  matchMedia('print').addEventListener('change', ({ matches }) => matches && seen(true), { signal });
  const request = () => {
    isStale = true;
    if (isInView) inFrame(drawIfStale);
    else if (isInView === false) (isDrawn ? whenQuiet : later)(drawIfStale);
  };
  return { request, refresh: () => isDrawn && request(), now: drawIfStale };
}

/** In the same turn as the words that change with it, so that the page is laid out once; a second time in the next frame. */
function inFrame(draw: () => void): void {
  if (frame.size === 0) (isNewFrame ? queueMicrotask : requestAnimationFrame)(drawFrame);
  frame.add(draw);
}

function drawFrame(): void {
  const drawings = [...frame];
  frame.clear();
  isNewFrame = false;
  requestAnimationFrame(() => (isNewFrame = true));
  for (const draw of drawings) draw();
}

function later(draw: () => void): void {
  if (rest.length === 0) setTimeout(drawNext);
  rest.push(draw);
}

function drawNext(): void {
  const draw = rest.shift();
  if (rest.length > 0) setTimeout(drawNext);
  draw?.();
}

function whenQuiet(draw: () => void): void {
  stale.add(draw);
  waitForQuiet();
}

function waitForQuiet(): void {
  clearTimeout(quiet);
  quiet = setTimeout(() => {
    if (document.querySelector(':active')) return waitForQuiet(); // a point or a slider is held
    stale.forEach(later);
    stale.clear();
  }, QUIET_MS);
}
