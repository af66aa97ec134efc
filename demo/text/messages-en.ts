import type { SupportCode } from '../../src/index.js';

/** Reasons of the library that say no more than their code, in words for a reader of the page. */
export const supportReasons: Readonly<Partial<Record<SupportCode, string>>> = {
  INSECURE_CONTEXT: 'This page was not opened over a secure connection (https).',
  NO_WEBGPU: 'This browser has no WebGPU, or it is turned off.',
};
