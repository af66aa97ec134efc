import { MessageChannel } from 'node:worker_threads';
import { describe, expect, it } from 'vitest';
import { DescentError, fit } from '../src/index.js';
import { expectRefusal } from './support/refusal.js';

/** The value as another thread receives it. */
async function sent(value: unknown): Promise<unknown> {
  const { port1, port2 } = new MessageChannel();
  const received = new Promise((resolve) => port2.once('message', resolve));
  port1.postMessage(value);
  return received.finally(() => port1.close());
}

describe('an error that crosses to another thread', () => {
  it('keeps its code, its parts and its place', async () => {
    const error = (await fit({ features: [[1], [2]], targets: [1, 2, 3] }).catch((e: unknown) => e)) as DescentError;
    const revived = DescentError.fromJSON(await sent(error.toJSON()));
    expect(revived).toBeInstanceOf(DescentError);
    expect(revived).toMatchObject({ code: error.code, got: error.got, fix: error.fix, where: error.where });
    expect(revived.message).toBe(error.message);
    expect(DescentError.fromJSON(JSON.parse(JSON.stringify(error)))).toEqual(revived);
  });

  it('is read from nothing else', async () => {
    const json = new DescentError('DISPOSED', { got: 'a', expected: 'b', fix: 'c' }).toJSON();
    const others = [null, 'DISPOSED', {}, { ...json, code: 7 }, { ...json, got: 1 }, { ...json, where: null }];
    for (const other of others) await expectRefusal(() => DescentError.fromJSON(other), 'INVALID_VALUE');
  });
});
