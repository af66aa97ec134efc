import { DescentError } from '../base/errors.js';

/** The first version of Node that loads modules by `require` and has all that is used, as `engines` of package.json says. */
const FIRST = [20, 19] as const;

/** Throws for an older Node, in which parts would fail one by one. */
export function requireNode(version: string): void {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  if (major > FIRST[0] || (major === FIRST[0] && minor >= FIRST[1])) return;
  throw new DescentError('INVALID_OPTION', {
    got: `Node ${version}`,
    expected: `${FIRST.join('.')} or later`,
    fix: 'Install it from nodejs.org.',
  });
}
