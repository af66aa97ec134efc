import type { GpuContext } from '../device/device.js';
import type { Tuning } from '../device/tuning.js';
import { Probe } from './probe.js';

/** Another tuning has to be faster by this factor: what is less may be noise, and the usual one is known to others. */
const WORTH_IT = 1.05;

/**
 * Times that every candidate is measured, in turns; the fastest counts, since other work only makes them slower. In the
 * last round the fastest one has to show it again, beside the usual one.
 */
const ROUNDS = 2;

/** X of a probe: much more than caches hold on a GPU, and some milliseconds on a software adapter. */
const PROBE_BYTES = { together: 2 ** 25, alone: 2 ** 21 } as const;

/** One kind of work, and the tunings to compare by it. */
interface Trial {
  featureCount: number;
  candidates: (tuning: Tuning) => Partial<Tuning>[];
}

/** Eight features for fused_narrow, 64 for fused_wide, and 12 for the choice between the two. */
const TRIALS: readonly Trial[] = [
  {
    featureCount: 8,
    candidates: ({ sums, mostWorkgroups }) =>
      sums === 'together'
        ? [{ sumsSize: 128 }, { sumsSize: 256 }, { mostWorkgroups: 256 }, { mostWorkgroups: 4096 }]
        : [{ mostWorkgroups: mostWorkgroups / 2 }, { mostWorkgroups: mostWorkgroups * 2 }],
  },
  {
    featureCount: 64,
    candidates: ({ mostWideWorkgroups: most }) => [{ mostWideWorkgroups: most / 4 }, { mostWideWorkgroups: most * 4 }],
  },
  { featureCount: 12, candidates: ({ mostNarrowFeatures: most }) => [{ mostNarrowFeatures: most === 8 ? 16 : 8 }] },
];

/** The fastest tuning that could be found in so many milliseconds, from that of the context. */
export async function tuneDevice(context: GpuContext, budgetMs: number, signal?: AbortSignal): Promise<Tuning> {
  const deadline = performance.now() + budgetMs;
  let { tuning } = context;
  for (const { featureCount, candidates } of TRIALS) {
    const tunings = [tuning, ...candidates(tuning).map((changed) => ({ ...tuning, ...changed }))];
    try {
      tuning = await fastestOf(context, tunings, featureCount, deadline, signal);
    } finally {
      context.check(); // probes have contexts of their own, which do not know that this one was closed
    }
  }
  return tuning;
}

/** A tuning at work, and the least time of an epoch so far. */
interface Measured {
  tuning: Tuning;
  probe: Probe;
  ms: number;
}

/** The fastest of these tunings, of which the first is the usual one. Those that the time does not suffice for are left out. */
async function fastestOf(
  context: GpuContext,
  tunings: readonly Tuning[],
  featureCount: number,
  deadline: number,
  signal: AbortSignal | undefined,
): Promise<Tuning> {
  const [usual] = tunings as [Tuning];
  const bytes = PROBE_BYTES[usual.sums];
  const probes: Measured[] = [];
  const isLate = () => performance.now() >= deadline;
  try {
    for (const tuning of tunings) {
      signal?.throwIfAborted();
      context.check();
      if (isLate()) break;
      probes.push({ tuning, probe: await Probe.open(context, tuning, featureCount, bytes), ms: Infinity });
    }
    const measure = async (entries: readonly Measured[]) => {
      for (const entry of entries) {
        signal?.throwIfAborted();
        context.check();
        if (isLate()) return;
        entry.ms = Math.min(entry.ms, await entry.probe.measure(signal));
      }
    };
    for (let round = 0; round < ROUNDS; round++) await measure(probes);
    const chosen = chooseTuning(usual, probes);
    await measure(probes.filter(({ tuning }) => tuning === usual || tuning === chosen));
  } finally {
    for (const { probe } of probes) await probe.close();
  }
  return chooseTuning(usual, probes);
}

/** The tuning with the least time, if it is worth a change from the usual one, which is measured first. */
export function chooseTuning(usual: Tuning, measured: readonly { tuning: Tuning; ms: number }[]): Tuning {
  const [first] = measured;
  if (!first || first.ms === Infinity) return usual;
  const fastest = measured.reduce((best, entry) => (entry.ms < best.ms ? entry : best));
  return fastest.ms * WORTH_IT < first.ms ? fastest.tuning : usual;
}
