// What scikit-learn asks of an estimator, on the CPU.

import { checkEstimator } from './support/estimator-checks.js';

checkEstimator({ backend: 'cpu', strategy: 'streaming' });
checkEstimator({ backend: 'cpu', strategy: 'moments' });
