import type { Role, Start } from '../../descent/backend.js';
import type { Buffers } from '../device/buffers.js';
import { SETTINGS_BYTES } from './uniforms.js';
import type { JobSpan } from '../training/epoch.js';
import { historyFloats } from '../training/history.js';
import type { ManyShape } from '../training/recipe.js';
import { MOST_WORKGROUPS } from '../device/tuning.js';

/** One model among those of a run, and the column of targets that it learns: `struct ModelEntry` of shaders/shared/model_list.wgsl. */
export interface ModelEntry {
  model: number;
  target: number;
}

export const JOB_BYTES = 8;

export function writeJobs(jobs: readonly ModelEntry[]): Uint32Array<ArrayBuffer> {
  return Uint32Array.from(jobs.flatMap(({ model, target }) => [model, target]));
}

/**
 * The models that train on the examples of a fold, or on examples that are in none: in one list, or in one list for each
 * column of targets.
 */
export function jobLists(roles: readonly Role[], fold: number | null, targets: ManyShape['targets']): ModelEntry[][] {
  const jobs = roles
    .map(({ target, validationFold }, model) => ({ model, target, validationFold }))
    .filter(({ validationFold }) => validationFold === null || validationFold !== fold)
    .map(({ model, target }) => ({ model, target }));
  if (targets === 'each') return jobs.length > 0 ? [jobs] : [];
  const lists = new Map<number, ModelEntry[]>();
  for (const job of jobs) lists.set(job.target, [...(lists.get(job.target) ?? []), job]);
  return [...lists.values()];
}

/** The lists in stretches of at most `mostJobs`, each in a buffer of its own. */
export function makeSpans(allocator: Buffers, lists: readonly (readonly ModelEntry[])[], mostJobs: number): JobSpan[] {
  const spans: JobSpan[] = [];
  for (const list of lists) {
    for (let first = 0; first < list.length; first += mostJobs) {
      const stretch = list.slice(first, first + mostJobs);
      const jobs = allocator.filled('jobs', stretch.length * JOB_BYTES, (contents) => {
        new Uint32Array(contents).set(writeJobs(stretch));
      });
      spans.push({ jobs, count: stretch.length });
    }
  }
  return spans;
}

/**
 * Cuts models into runs, one after another, whose partial sums and histories each fit one binding. A model that
 * fits none by itself has a run of its own, which the device refuses.
 */
export function groupsOf(starts: readonly Start[], partialBytes: number, bindingBytes: number): Start[][] {
  const modelBytes = Math.max(partialBytes, SETTINGS_BYTES);
  const most = Math.max(1, Math.min(Math.floor(bindingBytes / modelBytes), MOST_WORKGROUPS));
  const mostFloats = bindingBytes / Float32Array.BYTES_PER_ELEMENT;
  const groups: Start[][] = [];
  let floats = 0;
  for (const start of starts) {
    const last = groups.at(-1);
    const modelFloats = historyFloats(start.settings, start.initial.length);
    if (last && last.length < most && floats + modelFloats <= mostFloats) {
      last.push(start);
      floats += modelFloats;
    } else {
      groups.push([start]);
      floats = modelFloats;
    }
  }
  return groups;
}
