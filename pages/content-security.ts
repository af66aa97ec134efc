/**
 * The policy of every page of the site: it asks nobody but the place that it came from, and no script or style of a page
 * itself runs. Kernels of the CPU are compiled from bytes that the page writes; their workers, and those of the examples
 * that readers edit, are made from text.
 */
export const CONTENT_SECURITY =
  "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self' blob:; img-src 'self' blob: data:; object-src 'none'; base-uri 'none'; form-action 'none'";

/** No text becomes a script or markup, but by the policy of the library, which the pages share. The benchmark's peers may have none. */
export const TRUSTED_TYPES = "; require-trusted-types-for 'script'; trusted-types webgpu-descent";

/** Headers by which a page may share memory with its workers. */
export const ISOLATION = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
};
