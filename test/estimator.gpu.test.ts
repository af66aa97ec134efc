// What scikit-learn asks of an estimator, on the GPU.

import { checkEstimator } from './support/estimator-checks.js';
import { openShared } from './support/kernel.js';

checkEstimator({ backend: 'webgpu', strategy: 'streaming' }, openShared);
checkEstimator({ backend: 'webgpu', strategy: 'moments' }, openShared);
