import type { ManyOptions } from './many-options.js';

type OnWarning = NonNullable<ManyOptions['onWarning']>;

/** Passes on each warning once, however many models it is about. */
export function warnOnce(onWarning: OnWarning): OnWarning {
  const known = new Set<string>();
  return (warning) => {
    if (known.has(warning.message)) return;
    known.add(warning.message);
    onWarning(warning);
  };
}
