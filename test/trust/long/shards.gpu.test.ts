// test/shards.gpu.test.ts with more examples, of three shards.

import { describeWholeDevice } from '../../support/whole-device.js';

describeWholeDevice([300]);
