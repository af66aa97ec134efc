// test/trust/ends.test.ts on a device.

import { describe } from 'vitest';
import { describeEnds } from '../support/ends.js';
import { withContextPerTest } from '../support/kernel.js';

const gpu = withContextPerTest();

describe('on a device', () => describeEnds(() => ({ context: gpu.context, strategy: 'streaming' })));
