import type { DescentState, Start } from '../backend.js';
import type { Standardization } from './standardization.js';

/**
 * What there is of each parameter in the buffers of parameters, in this order: where the pass takes loss and gradient, two
 * that the rule keeps (shaders/shared/step.wgsl, shaders/epoch/conjugate.wgsl), and the average, or where conjugate gradient has
 * got to. Gradient descent without average has the first alone.
 */
const SLOTS = 4;

/** Whether a model takes the steps of conjugate gradient. */
export function isConjugate({ settings: { rule } }: Start): boolean {
  return rule?.optimizer === 'conjugateGradient';
}

/** The slots of models that train together. */
export function slotsOf(starts: readonly Start[]): number {
  const isPlain = ({ settings: { rule } }: Start) =>
    !rule || (rule.optimizer === 'gradientDescent' && rule.averageFrom === Infinity);
  return starts.every(isPlain) ? 1 : SLOTS;
}

/** Whether the model of every epoch is the first of its slots. */
export function isModelFirst(start: Start): boolean {
  return !isConjugate(start) && (start.settings.rule?.averageFrom ?? Infinity) === Infinity;
}

/** In which slot the parameters are, and the three of a rule's memory. */
function placesOf(start: Start): { parameters: number; memory: readonly [number, number, number] } {
  return isConjugate(start) ? { parameters: 3, memory: [1, 2, 0] } : { parameters: 0, memory: [1, 2, 3] };
}

/** Whether each of a rule's memory is in the units of stored parameters, or else in those of training. */
function areStored({ settings: { rule } }: Start): readonly [boolean, boolean, boolean] {
  const isVelocity = rule?.optimizer !== 'adam' && rule?.optimizer !== 'conjugateGradient';
  return [isVelocity, isVelocity, true];
}

/** [slot, values of d + 1 as the device holds them] of all that a model begins with. */
export function slotsToWrite(
  start: Start,
  standardization: Standardization,
  { memory = [] }: Pick<DescentState, 'memory'>,
): [number, Float32Array<ArrayBuffer>][] {
  const places = placesOf(start);
  const held = areStored(start);
  const parameters = standardization.toDevice(start.initial) as Float32Array<ArrayBuffer>;
  const kept = memory.map((values, k): [number, Float32Array<ArrayBuffer>] => [
    places.memory[k] as number,
    held[k] ? (standardization.toDevice(values) as Float32Array<ArrayBuffer>) : Float32Array.from(values),
  ]);
  // The first pass of conjugate gradient is made at the parameters themselves.
  const ahead: [number, Float32Array<ArrayBuffer>][] =
    isConjugate(start) && kept.length === 0 ? [[places.memory[2], parameters]] : [];
  return [[places.parameters, parameters], ...ahead, ...kept];
}

/** A model's parameters in training units, of all that the buffer holds of the models. */
export function parametersIn(
  contents: Float32Array,
  starts: readonly Start[],
  model: number,
  standardization: Standardization,
): Float64Array {
  const { parameters } = placesOf(starts[model] as Start);
  return standardization.fromDevice(slotIn(contents, starts, model, parameters));
}

/** What its rule has kept, likewise; empty where it keeps nothing. */
export function memoryIn(
  contents: Float32Array,
  starts: readonly Start[],
  model: number,
  standardization: Standardization,
): Float64Array[] {
  if (slotsOf([starts[model] as Start]) === 1) return [];
  const start = starts[model] as Start;
  const held = areStored(start);
  return placesOf(start).memory.map((slot, k) => {
    const values = slotIn(contents, starts, model, slot);
    return held[k] ? standardization.fromDevice(values) : Float64Array.from(values);
  });
}

function slotIn(contents: Float32Array, starts: readonly Start[], model: number, slot: number): Float32Array {
  const size = (starts[model] as Start).initial.length;
  const first = (slot * starts.length + model) * size;
  return contents.subarray(first, first + size);
}
