// Devices that go away at each call of WebGPU, in Chrome.
import { keepFigures } from '../../support/browser-figures.js';
import { describeLosses } from '../../support/describe-losses.js';

describeLosses(Number(import.meta.env['LOSSES']), (figures) => keepFigures('losses', figures));
