import type { RunState, Start } from '../../descent/backend.js';
import type { Standardization } from '../../descent/standardization.js';

/**
 * The layout of the parameter buffers. Each parameter has up to four slots, in this order: the point where loss and
 * gradient are taken, two values of optimizer state (shaders/shared/step.wgsl, shaders/epoch/conjugate.wgsl), and the
 * running average, or the current parameters of conjugate gradient. Gradient descent without average has only the first.
 */
const SLOTS = 4;

/** True if a model takes the steps of conjugate gradient. */
export function isConjugate({ settings: { rule } }: Start): boolean {
  return rule?.optimizer === 'conjugateGradient';
}

/** Number of slots of each parameter, for models that train together. */
export function slotsOf(starts: readonly Start[]): number {
  const isPlain = ({ settings: { rule } }: Start) =>
    !rule || (rule.optimizer === 'gradientDescent' && rule.averageFrom === Infinity);
  return starts.every(isPlain) ? 1 : SLOTS;
}

/** True if the parameters of the model after every epoch are in its first slots. */
export function isModelFirst(start: Start): boolean {
  return !isConjugate(start) && (start.settings.rule?.averageFrom ?? Infinity) === Infinity;
}

/** The slot of the parameters, and those of the three arrays of optimizer state. */
function placesOf(start: Start): { parameters: number; optimizerState: readonly [number, number, number] } {
  return isConjugate(start)
    ? { parameters: 3, optimizerState: [1, 2, 0] }
    : { parameters: 0, optimizerState: [1, 2, 3] };
}

/**
 * True for each array of the optimizer state that is in the units of stored parameters; false if it is in training
 * units.
 */
function areStored({ settings: { rule } }: Start): readonly [boolean, boolean, boolean] {
  const isVelocity = rule?.optimizer !== 'adam' && rule?.optimizer !== 'conjugateGradient';
  return [isVelocity, isVelocity, true];
}

/** [slot, d + 1 values as the device holds them] for the initial parameters and optimizer state of a model. */
export function slotsToWrite(
  start: Start,
  standardization: Standardization,
  { optimizerState = [] }: Pick<RunState, 'optimizerState'>,
): [number, Float32Array<ArrayBuffer>][] {
  const places = placesOf(start);
  const areInStoredUnits = areStored(start);
  const parameters = standardization.toDevice(start.initial) as Float32Array<ArrayBuffer>;
  const savedState = optimizerState.map((values, k): [number, Float32Array<ArrayBuffer>] => [
    places.optimizerState[k] as number,
    areInStoredUnits[k] ? (standardization.toDevice(values) as Float32Array<ArrayBuffer>) : Float32Array.from(values),
  ]);
  // The first pass of conjugate gradient is made at the parameters themselves.
  const ahead: [number, Float32Array<ArrayBuffer>][] =
    isConjugate(start) && savedState.length === 0 ? [[places.optimizerState[2], parameters]] : [];
  return [[places.parameters, parameters], ...ahead, ...savedState];
}

/** The parameters of one model in training units, from the contents of the buffer with all models. */
export function parametersIn(
  contents: Float32Array,
  starts: readonly Start[],
  model: number,
  standardization: Standardization,
): Float64Array {
  const { parameters } = placesOf(starts[model] as Start);
  return standardization.fromDevice(slotIn(contents, starts, model, parameters));
}

/** The optimizer state of a model, in training units; empty if it has none. */
export function optimizerStateIn(
  contents: Float32Array,
  starts: readonly Start[],
  model: number,
  standardization: Standardization,
): Float64Array[] {
  if (slotsOf([starts[model] as Start]) === 1) return [];
  const start = starts[model] as Start;
  const areInStoredUnits = areStored(start);
  return placesOf(start).optimizerState.map((slot, k) => {
    const values = slotIn(contents, starts, model, slot);
    return areInStoredUnits[k] ? standardization.fromDevice(values) : Float64Array.from(values);
  });
}

function slotIn(contents: Float32Array, starts: readonly Start[], model: number, slot: number): Float32Array {
  const size = (starts[model] as Start).initial.length;
  const first = (slot * starts.length + model) * size;
  return contents.subarray(first, first + size);
}
