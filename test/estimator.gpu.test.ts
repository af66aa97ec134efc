// What scikit-learn asks of an estimator, on the GPU.

import { checkEstimator } from './support/estimator-checks.js';

checkEstimator({ backend: 'webgpu', strategy: 'streaming' });
checkEstimator({ backend: 'webgpu', strategy: 'moments' });
