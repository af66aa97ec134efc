import { libraryOf, OURS, OURS_CPU, PLAIN_LOOP } from '../../bench/result.js';
import { savedResult } from '../../bench/saved-result.js';
import { adapterName } from '../../bench/report.js';
import { create } from '../../pages/dom.js';
import type { Page } from '../page/section.js';
import { fold } from '../page/stage.js';

/** Feature counts of this section. */
const MOST_FEATURES = 2;

/** The page of the benchmark, beside the lesson. */
const BENCH_PAGE = '../bench/';

/** The arms that are shown of a case; the benchmark page has all of it. */
const ARMS = [OURS, OURS_CPU, PLAIN_LOOP] as const;

/** The times of the benchmark that is saved with the project: the same numbers as on the page of the benchmark. */
export function savedTimes(page: Page): HTMLDetailsElement {
  const words = page.text.scale;
  const element = fold(words.saved);
  const fill = async () => {
    const { result } = await savedResult();
    const { adapter, browser, cpu, cores, date } = result.environment;
    const place = adapter ? adapterName(adapter) : 'CPU';
    const about = { browser, cpu, cores: String(cores), adapter: place, date: date.slice(0, 10) };
    const cases = result.cases.filter(({ features }) => features <= MOST_FEATURES);
    const timesOf = ({ results }: (typeof cases)[number]) =>
      ARMS.map((name) => results.find((arm) => libraryOf(arm) === name)?.msPerEpoch?.median ?? null);
    const shown = ARMS.filter((_, i) => cases.some((one) => timesOf(one)[i] !== null));
    const cell = (ms: number | null | undefined) => create('td', {}, ms == null ? '–' : page.format.significant(ms, 2));
    const heads = [words.savedSize, ...shown].map((name) => create('th', { scope: 'col' }, name));
    const rows = cases.map((one) => {
      const times = timesOf(one);
      const size = `${page.format.count(one.rows)} × ${page.format.count(one.features)}`;
      const cells = shown.map((name) => cell(times[ARMS.indexOf(name)]));
      return create('tr', {}, create('th', { scope: 'row' }, size), ...cells);
    });
    element.append(
      create('p', {}, words.savedLead(about)),
      create(
        'div',
        { class: 'scroll', role: 'group', tabindex: '0', 'aria-label': words.saved },
        create(
          'table',
          { class: 'measures' },
          create('thead', {}, create('tr', {}, ...heads)),
          create('tbody', {}, ...rows),
        ),
      ),
      create('p', {}, create('a', { href: `${BENCH_PAGE}#language=${page.store.state.language}` }, words.savedLink)),
    );
  };
  element.addEventListener('toggle', () => void fill(), { once: true });
  return element;
}
