// The ways to the optimum of a fit by descent: a part of its own in a bundle, which loads when it is used.

export { distanceToOptimum } from '../solve/distance-to-optimum.js';
export { HostEvaluator } from '../solve/host-evaluator.js';
export { findSeparation } from '../solve/separation.js';
export { newtonSolver } from '../solve/newton-solver.js';
