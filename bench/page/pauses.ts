import type { Arm, ArmSession, Problem } from '../arm.js';
import { type Library, timedJob } from '../harness.js';

/** Long enough for the browser to draw the progress and to hear the Cancel button. */
export function pause(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve));
}

/**
 * The same library, with a pause before whatever takes long: a plain loop gives the page no turn of its own. The pauses are
 * not timed. Its arms are made once for all cases of a run, as an application does.
 */
export function withPauses(library: Library, signal: AbortSignal): Library {
  let arms: Promise<Arm[]> | undefined;
  return {
    ...library,
    arms: () => (arms ??= pause().then(async () => (await library.arms()).map((arm) => politeArm(arm, signal)))),
  };
}

function politeArm(arm: Arm, signal: AbortSignal): Arm {
  const turn = async () => {
    await pause();
    signal.throwIfAborted();
  };
  const open = async (problem: Problem) => {
    await turn();
    return politeSession(await arm.open(problem), turn);
  };
  const timeJob = async (problem: Problem) => {
    await turn();
    return timedJob(arm, problem);
  };
  return { ...arm, open, timeJob };
}

function politeSession(session: ArmSession, turn: () => Promise<void>): ArmSession {
  const polite: ArmSession = {
    train: async (epochs) => {
      await turn();
      const startMs = performance.now();
      await session.train(epochs);
      polite.lastTrainMs = session.lastTrainMs ?? performance.now() - startMs;
    },
    parameters: () => session.parameters(),
    reset: () => session.reset(),
    close: () => session.close(),
  };
  return polite;
}
