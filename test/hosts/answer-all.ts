/** What every host runs: all vectors on its WebGPU, with the library bundled in. */
import { csvSource } from '../../src/data/csv.js';
import * as main from '../../src/index.js';
import type { Answer, Library, Place } from './vector.js';
import { VECTORS } from './vectors.js';

/** The answers of a host, as JSON carries them. */
export interface HostAnswers {
  userAgent: string;
  adapter: main.AdapterReport;
  /** True if the library itself calls the host supported, with the codes of its reasons. */
  support: { supported: boolean; reasons: string[] };
  /** By the names of the vectors: the answer, or the words of an error. */
  answers: Record<string, Answer | { error: string }>;
}

const LIBRARY: Library = { ...main, csvSource };

/** The answers by the reference, in f64. */
export function answerByReference(): Promise<HostAnswers['answers']> {
  return answerIn({ fits: { backend: 'reference' }, sums: { backend: 'cpu' } });
}

/** The answers of this host. Throws `WEBGPU_UNAVAILABLE` with what is missing and how to get it. */
export async function answerAll(): Promise<HostAnswers> {
  const context = await main.createContext();
  try {
    const place = { backend: 'webgpu', context } as const;
    const answers = await answerIn({ fits: place, sums: place });
    const { supported, reasons, userAgent } = await main.checkSupport();
    const support = { supported, reasons: reasons.map(({ code }) => code) };
    return { userAgent, adapter: context.adapter, support, answers };
  } finally {
    context.dispose();
  }
}

async function answerIn(place: Place): Promise<HostAnswers['answers']> {
  const answers: HostAnswers['answers'] = {};
  for (const { name, answer } of VECTORS) {
    try {
      const { numbers, words = [] } = await answer(LIBRARY, place);
      // JSON has no such numbers, and would hand them on as null.
      const wrong = numbers.find((value) => !Number.isFinite(value));
      answers[name] = wrong === undefined ? { numbers, words } : { error: `a number that is ${wrong}` };
    } catch (error) {
      answers[name] = { error: String(error) };
    }
  }
  return answers;
}
