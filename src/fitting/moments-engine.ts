// Descent on moments: a part of its own in a bundle, which loads when it is used.

export { checkDigits, DIGIT_LIMITS } from '../moments/condition.js';
export { MomentsTrainer } from '../moments/descent/trainer.js';
