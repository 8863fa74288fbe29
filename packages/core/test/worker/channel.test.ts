// Calls between two ends of one wire: answers, errors, strangers' messages, and a side that dies.
import { afterEach, describe, expect, it } from 'vitest';
import { isUnrolledError, UnrolledError } from '../../src/errors.ts';
import { createChannel, type Methods, type Port } from '../../src/worker/channel.ts';

const open: MessagePort[] = [];
afterEach(() => {
  for (const port of open.splice(0)) port.close();
});

function portOf(port: MessagePort): Port {
  open.push(port);
  return {
    post: (message) => port.postMessage(message),
    listen: (take) => {
      port.onmessage = ({ data }) => take(data);
    },
  };
}

/** A channel to `methods`, and the bare port of their side. */
function connect<M extends Methods>(methods: M, busy?: (waits: boolean) => void) {
  const { port1, port2 } = new MessageChannel();
  const there = createChannel<Methods>(portOf(port2), methods);
  return { here: createChannel<M>(portOf(port1), {}, busy), there, port: port2 };
}

describe('a channel', () => {
  it('answers calls in whatever order they are done, and says whether any waits', async () => {
    const waits: boolean[] = [];
    const late = (value: number, milliseconds: number) =>
      new Promise<number>((resolve) => setTimeout(() => resolve(value), milliseconds));
    const { here } = connect({ late, now: (bytes: Uint8Array) => bytes.length }, (busy) => waits.push(busy));
    expect(await Promise.all([here.call('late', 1, 20), here.call('late', 2, 1)])).toEqual([1, 2]);
    expect(await here.call('now', new Uint8Array(3))).toBe(3);
    expect(waits).toEqual([true, false, true, false]);
  });

  it('leaves messages of others alone', async () => {
    const { here, port } = connect({ next: (number: number) => number + 1 });
    for (const message of ['hello', undefined, { answer: 1, value: 9 }, { tag: 'another', answer: 1, value: 9 }])
      port.postMessage(message);
    expect(await here.call('next', 1)).toBe(2);
  });

  it('refuses what can’t be cloned, on either side, and goes on', async () => {
    const { here } = connect({ give: (plain: unknown) => (plain === 'function' ? () => plain : plain) });
    for (const given of [() => {}, 'function'])
      await expect(here.call('give', given)).rejects.toMatchObject({ code: 'WORKER_UNSENDABLE' });
    expect(await here.call('give', 3)).toBe(3);
  });

  it('fails what waits and what comes later, with its first failure', async () => {
    const { here } = connect({ never: () => new Promise(() => {}) });
    const waiting = Promise.allSettled([here.call('never'), here.wait(() => {})]);
    const died = new UnrolledError('WORKER_FAILED', 'The worker died.');
    here.fail(died);
    here.fail(new UnrolledError('WORKER_CLOSED', 'The worker has been closed.'));
    for (const outcome of await waiting) expect(outcome).toEqual({ status: 'rejected', reason: died });
    expect(await here.call('never').catch((error) => error)).toBe(died);
  });
});

describe('an error that crosses', () => {
  const thrownBy = async (error: unknown): Promise<unknown> => {
    const fail = () => {
      throw error;
    };
    return connect({ fail })
      .here.call('fail')
      .catch((caught) => caught);
  };

  it('keeps code, message, mend, facts, stack and causes', async () => {
    const cause = new TypeError('not a file', { cause: Object.assign(new Error('ENOENT: gone'), { code: 'ENOENT' }) });
    const details = { mend: 'Copy it again.', data: { file: 'manifest.json', bytes: [1, 2] }, cause };
    const original = new UnrolledError('MODEL_CORRUPT', 'manifest.json is damaged.', details);
    const arrived = (await thrownBy(original)) as UnrolledError;
    expect(arrived).not.toBe(original);
    expect(isUnrolledError(arrived, 'MODEL_CORRUPT')).toBe(true);
    expect(arrived).toBeInstanceOf(UnrolledError);
    const { code, message, mend, data, stack } = original;
    expect(arrived).toMatchObject({ code, message, mend, data, stack });
    expect(arrived.message).toBe('manifest.json is damaged. Copy it again.');
    expect(arrived.cause).toBeInstanceOf(TypeError);
    expect((arrived.cause as Error).cause).toMatchObject({ message: 'ENOENT: gone', code: 'ENOENT' });
  });

  it('keeps what it can of other errors, and of what is none', async () => {
    class OwnError extends Error {
      override name = 'OwnError';
    }
    expect(await thrownBy(new OwnError('mine'))).toMatchObject({ name: 'OwnError', message: 'mine' });
    expect(await thrownBy(new DOMException('too slow', 'TimeoutError'))).toMatchObject({ name: 'TimeoutError' });
    expect(await thrownBy('a text')).toBe('a text');
    expect(await thrownBy(undefined)).toBeUndefined();
    const loop = new Error('round');
    loop.cause = loop;
    expect(await thrownBy(loop)).toMatchObject({ message: 'round', cause: { message: 'round' } });
    const facts = { render: () => 'x', size: 3 };
    expect(await thrownBy(new UnrolledError('A', 'b', { data: facts }))).toMatchObject({ data: { size: 3 } });
  });

  it('is the same object where it comes home, as a cause too', async () => {
    const ours = new Error('of this side');
    const { port1, port2 } = new MessageChannel();
    const there = createChannel<{ read: () => void }>(portOf(port2), {
      pass: () => there.call('read'),
      wrap: () =>
        there.call('read').catch((cause) => {
          throw new UnrolledError('WRAPPED', 'It went wrong.', { cause });
        }),
    });
    const here = createChannel<{ pass: () => void; wrap: () => void }>(portOf(port1), {
      read: () => {
        throw ours;
      },
    });
    expect(await here.call('pass').catch((error) => error)).toBe(ours);
    const wrapped = (await here.call('wrap').catch((error) => error)) as Error;
    expect(wrapped).toMatchObject({ code: 'WRAPPED' });
    expect(wrapped.cause).toBe(ours);
  });
});
