// The parts of the library that open a device and fill it, in a part of the script that the first pictures do not wait for.

export { checkSupport, createContext, generateExamples } from '../../src/index.js';
