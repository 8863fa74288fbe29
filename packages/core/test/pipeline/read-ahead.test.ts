// Streams in chunks: full ones where the source is fast, early ones where it is slow, nothing lost where it fails.
import { describe, expect, it } from 'vitest';
import { readAhead } from '../../src/pipeline/read-ahead.ts';

const wait = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

async function collect<T>(chunks: AsyncIterable<T[]>): Promise<T[][]> {
  const all: T[][] = [];
  for await (const chunk of chunks) all.push(chunk);
  return all;
}

describe('reading ahead', () => {
  it('fills chunks from arrays, sets and fast generators', async () => {
    expect(await collect(readAhead([1, 2, 3, 4, 5], 2))).toEqual([[1, 2], [3, 4], [5]]);
    expect(await collect(readAhead(new Set([1, 2]), 2))).toEqual([[1, 2]]);
    expect(await collect(readAhead([], 2))).toEqual([]);
    async function* fast() {
      yield* [1, 2, 3];
    }
    expect(await collect(readAhead(fast(), 2))).toEqual([[1, 2], [3]]);
  });

  it('does not hold items back for a slow source', async () => {
    async function* slow() {
      yield 1;
      yield 2;
      await wait(60);
      yield 3;
    }
    expect(await collect(readAhead(slow(), 100))).toEqual([[1, 2], [3]]);
  });

  it('gives what came before an error, then the error', async () => {
    async function* failing() {
      yield 1;
      yield 2;
      throw new Error('line 3 is broken');
    }
    const seen: number[][] = [];
    const read = async () => {
      for await (const chunk of readAhead(failing(), 100)) seen.push(chunk);
    };
    await expect(read()).rejects.toThrow('line 3 is broken');
    expect(seen).toEqual([[1, 2]]);
  });

  it('closes the source when it is left, and does not wait for one that is stuck', async () => {
    let closed = false;
    function* source() {
      try {
        yield* [1, 2, 3, 4];
      } finally {
        closed = true;
      }
    }
    for await (const _ of readAhead(source(), 1)) break;
    expect(closed).toBe(true);
    async function* stuck() {
      yield 1;
      await new Promise(() => {});
    }
    for await (const chunk of readAhead(stuck(), 10)) {
      expect(chunk).toEqual([1]);
      break;
    }
  });
});
