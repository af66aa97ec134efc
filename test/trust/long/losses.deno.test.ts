// Devices that go away at each call of WebGPU, in Deno: there is no other process that could die, and wgpu has errors of its own.
import { recordFigures } from '../../support/figures.js';
import { describeLosses } from '../../support/describe-losses.js';

describeLosses(Number(process.env['LOSSES']), (figures) => recordFigures('losses-deno', figures));
