import type { UpdateRule } from '../../src/descent/backend.js';
import type { RuleSettings } from '../../src/gpu/kernels/uniforms.js';

const PLAIN: UpdateRule = {
  optimizer: 'gradientDescent',
  momentum: 0,
  beta1: 0.8,
  beta2: 0.99,
  epsilon: 1e-8,
  factors: new Float64Array(0),
  averageFrom: Infinity,
};

/** A rule with penalties, under the name of a test. */
export interface NamedRule {
  name: string;
  rule: UpdateRule;
  l1: number;
  l2: number;
}

const named = (name: string, rule: Partial<UpdateRule>, l1 = 0, l2 = 0): NamedRule => {
  return { name, rule: { ...PLAIN, ...rule }, l1, l2 };
};

const FACTORS = Float64Array.of(0.25, 0.5, 1, 0.75, 0.5);

/** Every optimizer, penalty, schedule and average that `update` knows. */
export const RULES: readonly NamedRule[] = [
  named('descent with a schedule', { factors: FACTORS }, 0.25, 0.5),
  named('descent with an average', { averageFrom: 0 }),
  named('momentum', { optimizer: 'momentum', momentum: 0.75 }),
  named('momentum with penalties', { optimizer: 'momentum', momentum: 0.75 }, 0.25, 0.5),
  named('momentum with schedule and average', {
    optimizer: 'momentum',
    momentum: 0.5,
    factors: FACTORS,
    averageFrom: 2,
  }),
  named('nesterov', { optimizer: 'nesterov', momentum: 0.75 }),
  named('nesterov with penalties', { optimizer: 'nesterov', momentum: 0.75 }, 0.25, 0.5),
  named('adam', { optimizer: 'adam' }),
  named('adam with its usual means', { optimizer: 'adam', beta1: 0.9, beta2: 0.999 }),
  named('adam that keeps nothing', { optimizer: 'adam', beta1: 0, beta2: 0, epsilon: 0.125 }),
  named('adam with penalties', { optimizer: 'adam' }, 0.25, 0.5),
  named('adam with schedule and average', { optimizer: 'adam', factors: FACTORS, averageFrom: 3 }, 0, 0.25),
];

/** The rule as a kernel reads it, its factors from `firstFactor` on. */
export function onDevice({ factors, ...rule }: UpdateRule, firstFactor = 0): RuleSettings {
  return { ...rule, firstFactor, factorCount: factors.length };
}
