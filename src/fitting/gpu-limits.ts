// The limits of descent in f32: a part of its own in a bundle, which loads where WebGPU trains.

export { requireF32Sizes } from './require-f32-sizes.js';
export { streamingDigits } from './streaming-digits.js';
