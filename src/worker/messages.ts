// The messages between a page and a worker that fits: plain data, as structured clones are.

import type { DescentErrorJson } from '../base/errors.js';
import type { SyntheticSpec } from '../data/synthetic.js';
import type { FitOptions } from '../fitting/fit-options.js';
import type { LinearModel } from '../model/linear-model.js';
import type { ModelJson } from '../model/model-format.js';
import type { MomentsJson } from '../moments/json.js';

/** The options of a fit that are functions of the caller. The worker calls them by messages. */
export const CALLBACKS = ['onProgress', 'onRead', 'onWarning'] as const satisfies readonly (keyof FitOptions)[];
export type Callback = (typeof CALLBACKS)[number];

/** Training data as they cross over. */
export type SentData =
  | { kind: 'plain'; value: unknown }
  | { kind: 'moments'; json: MomentsJson }
  | { kind: 'synthetic'; spec: SyntheticSpec; rows: Uint32Array | undefined };

/** The options of a fit as they cross over: without functions and signals, and with a model in its saved form. */
export interface SentOptions extends Omit<FitOptions, Callback | 'context' | 'signal' | 'warmStart'> {
  warmStart?: ModelJson | undefined;
}

/** A message of the page. `id` is the number of the fit. */
export type Request =
  | { type: 'fit'; id: number; data: SentData; options: SentOptions; callbacks: readonly Callback[] }
  | { type: 'abort'; id: number };

/** A message of the worker. The first one is 'ready'. */
export type Answer =
  | { type: 'ready' }
  | { type: 'called'; id: number; callback: Callback; value: unknown }
  | { type: 'model'; id: number; model: SentModel }
  /** The fit ended with the reason of the signal, which the page has. */
  | { type: 'aborted'; id: number }
  | { type: 'failed'; id: number; error: SentError };

/** The fields of a model that its constructor takes. */
export type SentModel = ConstructorParameters<typeof LinearModel>[0];

/** An error of the library in its own form, and others as the clone that messages make of them. */
export type SentError = { descent: DescentErrorJson } | { other: unknown };
