/** The name of the library's policy, for pages whose policy lists the names that it takes (`trusted-types`). */
const POLICY_NAME = 'webgpu-descent';

/** The part of the Trusted Types API that is used (https://www.w3.org/TR/trusted-types/); not all browsers have it. */
interface TrustedTypes {
  createPolicy(
    name: string,
    rules: { createScriptURL: (url: string) => string },
  ): { createScriptURL(url: string): string };
}

let policy: ReturnType<TrustedTypes['createPolicy']> | undefined;

/**
 * The URL of a script of the library's own, as `new Worker` takes it where a page asks for trusted types. Throws where the page
 * does not take the library's policy.
 */
export function trustedUrl(blobUrl: string): string {
  const { trustedTypes } = globalThis as { trustedTypes?: TrustedTypes };
  if (!trustedTypes) return blobUrl;
  policy ??= trustedTypes.createPolicy(POLICY_NAME, { createScriptURL: (url) => url });
  return policy.createScriptURL(blobUrl);
}
