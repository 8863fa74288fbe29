// A sequence in pieces, each from where the last one ended, gives the same bits as the whole.
import type { Batch, Compile, NetworkDescription, RandomKey, State, Values } from '@unrolled/core';
import { drawBatch, drawNetwork, drawParameters } from '@unrolled/random-networks';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { RandomNetworks } from './random-networks.ts';
import { expectAlike } from './tolerances.ts';

const key: RandomKey = { seed: 2, update: 7 };

/**
 * Registers a test that draws networks, enough of them to meet every kind of state.
 * @param tolerance - how far apart where the same bits are not promised.
 */
export function windowSuite(compile: Compile, { runs, seed }: RandomNetworks, tolerance = 0): void {
  test('random networks that stream give the same bits in pieces', async () => {
    const seen = new Set<string>();
    await fc.assert(
      fc.asyncProperty(fc.gen(), async (g) => {
        const network = drawNetwork(g, true);
        const executable = await compile(network, {});
        expect(executable.streams).toBe(true);
        await drawParameters(g, executable);
        const { targets: _, weights: __, ...drawn } = drawBatch(g, network);
        const batch = { ...drawn, start: new Int32Array(drawn.size) };
        const first = executable.initialState(batch.size);
        const options = g(fc.boolean) ? ({ mode: 'train', key } as const) : ({ mode: 'infer' } as const);
        const whole = await executable.forward(batch, first, options);

        const cut = g(fc.integer, { min: 0, max: batch.time });
        let state: State = first;
        const outputs: number[] = [];
        for (const [from, to] of [
          [0, cut],
          [cut, cut],
          [cut, batch.time],
        ] as const) {
          const piece = await executable.forward(pieceOf(network, batch, from, to), state, options);
          state = piece.state;
          if (network.target.per === 'sequence') outputs.length = 0;
          outputs.push(...piece.output.data);
        }
        expectAlike(outputs, [...whole.output.data], tolerance);
        expectAlike(state, whole.state, tolerance);
        executable.dispose();
        for (const name of Object.keys(state)) seen.add(/\.([a-z]+)\d*$/.exec(name)?.[1] ?? name);
      }),
      { numRuns: runs, seed, endOnFailure: true },
    );
    expect([...seen].sort()).toEqual(['c', 'count', 'h', 'last', 'max', 'r', 'sum']);
  });
}

/** Steps `from` up to `to` of every sequence; one that has ended has none. */
function pieceOf({ input }: NetworkDescription, batch: Batch, from: number, to: number): Batch {
  const x = batch.inputs.x as Int32Array | Values;
  const width = batch.size * (input.kind === 'ids' ? 1 : input.size);
  return {
    ...batch,
    time: to - from,
    inputs: { x: x.slice(from * width, to * width) as Int32Array },
    lengths: batch.lengths.map((length) => Math.max(0, Math.min(length, to) - from)),
    start: batch.start.map((start, row) => start + Math.min(batch.lengths[row] as number, from)),
  };
}
