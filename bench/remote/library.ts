import type { Arm, ArmSession, Problem } from '../arm.js';
import type { Library } from '../harness.js';
import type { ArmDescription } from './protocol.js';
import type { Remote } from './remote.js';

/** A library that runs in a page or a process of its own, driven from here; opened when its arms are asked for. */
export function remoteLibrary({ name, kind }: Pick<Library, 'name' | 'kind'>, open: () => Promise<Remote>): Library {
  let opened: Promise<Remote> | undefined;
  return {
    name,
    kind,
    arms: async () => {
      const remote = await (opened ??= open());
      const arms = await remote.call('arms', name);
      return arms.map((described, index): Arm => remoteArm(remote, described, index));
    },
  };
}

function remoteArm(remote: Remote, described: ArmDescription, index: number): Arm {
  return {
    ...described,
    open: async (problem) => remoteSession(remote, await remote.call('open', index, sizeOf(problem))),
    timeJob: (problem, epochs) => remote.call('job', index, sizeOf(problem), epochs),
  };
}

/** The other side makes the same problem from its size: the numbers depend on nothing else. */
function sizeOf({ rows, features }: Problem) {
  return { rows, features };
}

function remoteSession(remote: Remote, session: number): ArmSession {
  const opened: ArmSession = {
    train: async (epochs) => {
      opened.lastTrainMs = await remote.call('train', session, epochs);
    },
    parameters: async () => {
      const { weights, bias } = await remote.call('parameters', session);
      return { weights: Float64Array.from(weights), bias };
    },
    reset: () => remote.call('reset', session),
    close: () => remote.call('close', session),
  };
  return opened;
}
