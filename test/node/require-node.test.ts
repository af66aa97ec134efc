import { expect, it } from 'vitest';
import manifest from '../../package.json' with { type: 'json' };
import { requireNode } from '../../src/node/require-node.js';
import { expectRefusal } from '../support/refusal.js';

it.each(['20.19.0', '20.20.1', '22.0.0', '100.1.0'])('takes Node %s', (version) => requireNode(version));

it.each(['20.18.9', '18.20.4', '8.0.0', ''])('refuses Node %s, and says what to install', (version) =>
  expectRefusal(() => requireNode(version), 'INVALID_OPTION', `Node ${version}; expected 20.19 or later. Install it`),
);

it('refuses what package.json does not name', () => {
  expect(manifest.engines.node).toBe('>=20.19');
});
