/** The environment in which the library runs, as far as a remedy depends on it. */
export type Host = 'chromium' | 'chromium-linux' | 'firefox' | 'safari' | 'deno' | 'node' | 'other';

/** The host by the user agent that it states. */
export function hostOf(userAgent: string): Host {
  if (/\bDeno\//.test(userAgent)) return 'deno';
  if (/\bNode\.js\//.test(userAgent)) return 'node';
  if (/\bFirefox\//.test(userAgent)) return 'firefox';
  if (/\b(?:Headless)?Chrome\//.test(userAgent)) {
    return /\bLinux\b/.test(userAgent) && !/\bAndroid\b/.test(userAgent) ? 'chromium-linux' : 'chromium';
  }
  return /\bSafari\//.test(userAgent) ? 'safari' : 'other';
}

/** Node 20 has no navigator. */
export function userAgentHere(): string {
  return (globalThis.navigator as Navigator | undefined)?.userAgent ?? 'Node.js/20';
}

export function hostHere(): Host {
  return hostOf(userAgentHere());
}
