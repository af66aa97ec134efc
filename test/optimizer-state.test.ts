// The slots of the parameter buffers: those that models begin with, and that their state is read from.

import { describe, expect, it } from 'vitest';
import type { Start, UpdateRule } from '../src/descent/backend.js';
import { Standardization } from '../src/descent/standardization.js';
import { slotsOf, slotsToWrite } from '../src/gpu/training/optimizer-state.js';

const RULE = { momentum: 0.9, beta1: 0.9, beta2: 0.999, epsilon: 1e-8, factors: new Float64Array(0), averageFrom: Infinity } as const; // prettier-ignore
const SETTINGS = { epochs: 5, learningRate: 0.1, tolerance: 0, patience: 1, l1: 0, l2: 0 };

const startWith = (rule?: Partial<UpdateRule> & Pick<UpdateRule, 'optimizer'>): Start => ({
  role: { target: 0, validationFold: null },
  initial: Float64Array.of(0.5, -1),
  settings: { ...SETTINGS, ...(rule && { rule: { ...RULE, ...rule } }) },
});

const column = { center: 0, exponent: 0, spread: 1, isConstant: false };
const standardization = new Standardization([column], [0], true);
const arrays = (count: number) => Array.from({ length: count }, (_, k) => Float64Array.of(k, -k));

describe('a state that is written', () => {
  it.each([
    { name: 'descent', start: startWith(), saved: 0 },
    { name: 'descent by name', start: startWith({ optimizer: 'gradientDescent' }), saved: 0 },
    { name: 'an average', start: startWith({ optimizer: 'gradientDescent', averageFrom: 3 }), saved: 3 },
    { name: 'adam', start: startWith({ optimizer: 'adam' }), saved: 3 },
    { name: 'conjugate gradient', start: startWith({ optimizer: 'conjugateGradient' }), saved: 3 },
  ])('fills every slot once: $name', ({ start, saved }) => {
    const slots = slotsToWrite(start, standardization, { optimizerState: arrays(saved) }).map(([slot]) => slot);
    expect(slots.sort()).toEqual(Array.from({ length: slotsOf([start]) }, (_, slot) => slot));
  });

  it('has the slots of all where one of several models needs them', () => {
    expect(slotsOf([startWith(), startWith({ optimizer: 'adam' })])).toBe(4);
  });
});
