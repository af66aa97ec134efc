import { type PageState, toHash } from './state.js';

/**
 * Puts a link to the page in a state on the clipboard; `search` is what stands before the #. Returns false where the browser
 * does not allow it, as it does without https.
 */
export async function copyLink(state: PageState, search = ''): Promise<boolean> {
  const address = new URL(location.href);
  address.search = search;
  address.hash = toHash(state);
  try {
    await navigator.clipboard.writeText(address.href);
    return true;
  } catch {
    return false;
  }
}
