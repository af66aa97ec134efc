// Imported before uPlot, which formats numbers in the browser's language as soon as it loads. A Chrome that was started
// under the C locale calls that 'en-US@posix', which Intl refuses.

try {
  Intl.getCanonicalLocales(navigator.language);
} catch {
  Object.defineProperty(navigator, 'language', { value: 'en-US' });
}
