// @ts-check
// The public address of the project, which it has not yet: one setting, `homepage` of package.json, from which all others follow.
//
//     node scripts/public-address.js https://example.org/owner/webgpu-descent           the repository, which is the homepage
//     node scripts/public-address.js https://example.org/owner/webgpu-descent https://…  and another homepage
//     node scripts/public-address.js --none                                             takes it out again
//
// It writes `repository`, `homepage` and `bugs` in package.json, and the links between the marks in README.md, in the folder in which
// it is called. Links within README.md are relative: npm's page leads them to the repository.

import { readFileSync, writeFileSync } from 'node:fs';

const BEGIN = '<!-- address -->';
const END = '<!-- /address -->';

/** Fields of package.json that come before these, in the usual order. */
const BEFORE = 'license';

/**
 * package.json with the addresses; without them for undefined.
 *
 * @param {Record<string, unknown>} manifest
 * @param {{ repository: string, homepage: string } | undefined} address
 */
export function withAddress(manifest, address) {
  const rest = Object.entries(manifest).filter(([name]) => !['repository', 'homepage', 'bugs'].includes(name));
  const at = rest.findIndex(([name]) => name === BEFORE);
  /** @type {[string, unknown][]} */
  const fields = address
    ? [
        ['homepage', address.homepage],
        ['repository', { type: 'git', url: `git+${address.repository}.git` }],
        ['bugs', { url: `${address.repository}/issues` }],
      ]
    : [];
  return Object.fromEntries([...rest.slice(0, at), ...fields, ...rest.slice(at)]);
}

/**
 * README.md with the links; with none of them for undefined.
 *
 * @param {string} text
 * @param {{ repository: string, homepage: string } | undefined} address
 */
export function withLinks(text, address) {
  const [before, after = ''] = text.split(BEGIN);
  const [, behind] = after.split(END);
  if (before === undefined || behind === undefined)
    throw new TypeError(`README.md has no place between "${BEGIN}" and "${END}"`);
  const links = address ? `[Site](${address.homepage}) · [Source](${address.repository}) · ` : '';
  return `${before}${BEGIN}${links}${END}${behind}`;
}

/**
 * An address of the web without a slash at its end.
 *
 * @param {string} text
 */
function checked(text) {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url?.protocol === 'https:' && url.search === '' && url.hash === '')
    return text.replace(/\/$/, '').replace(/\.git$/, '');
  console.error(
    `"${text}" is no address; expected https://… of the repository. See the head of scripts/public-address.js.`,
  );
  process.exit(2);
}

if (import.meta.filename === process.argv[1]) {
  const [first, second = first] = process.argv.slice(2);
  if (first === undefined || second === undefined) checked('');
  else {
    const address = first === '--none' ? undefined : { repository: checked(first), homepage: checked(second) };
    const manifest = JSON.parse(readFileSync('package.json', 'utf8'));
    writeFileSync('package.json', `${JSON.stringify(withAddress(manifest, address), null, 2)}\n`);
    writeFileSync('README.md', withLinks(readFileSync('README.md', 'utf8'), address));
  }
}
