// Streams that step together, each begun anew wherever one ends, give the same bits as each sequence whole and alone.
import {
  beginStreams,
  type Compile,
  type Executable,
  joinStreams,
  type NetworkDescription,
  type StreamState,
  takeStreams,
  type Values,
} from '@unrolled/core';
import { drawBatch, drawNetwork, drawParameters } from '@unrolled/random-networks';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { RandomNetworks } from './random-networks.ts';
import { expectAlike } from './tolerances.ts';

/**
 * Registers a test that draws networks.
 * @param tolerance - how far apart where the same bits are not promised.
 */
export function streamSuite(compile: Compile, { runs, seed }: RandomNetworks, tolerance = 0): void {
  test('random networks that stream give the same bits step by step', async () => {
    const seen = { restarts: 0, steps: 0 };
    await fc.assert(
      fc.asyncProperty(fc.gen(), async (g) => {
        const network = drawNetwork(g, true);
        const executable = await compile(network, {});
        await drawParameters(g, executable);
        const { size, time, inputs } = drawBatch(g, network);
        const x = inputs.x as Int32Array | Values;
        const width = x.length / Math.max(1, time * size);
        const histories = Array.from({ length: size }, (): number[] => []);
        let state = beginStreams(executable, size);
        for (let step = 0; step < time; step++) {
          for (const [row, history] of histories.entries()) {
            if (history.length === 0 || g(fc.integer, { min: 0, max: 3 }) > 0) continue;
            state = restarted(executable, state, row);
            history.length = 0;
            seen.restarts++;
          }
          const here = x.slice(step * size * width, (step + 1) * size * width);
          const [next, output] = await executable.step(state, here);
          const answers = output.data.length / size;
          for (const [row, history] of histories.entries()) {
            history.push(...here.slice(row * width, (row + 1) * width));
            const alone = await whole(executable, network, history, width);
            const own = output.data.slice(row * answers, (row + 1) * answers);
            expectAlike(own, alone.output.data.slice(-answers), tolerance);
            const taken = { steps: Int32Array.of(history.length / width), values: alone.state };
            expectAlike(takeStreams(next, [row]), taken, tolerance);
            seen.steps++;
          }
          state = next;
        }
        executable.dispose();
      }),
      { numRuns: runs, seed, endOnFailure: true },
    );
    expect(seen.restarts).toBeGreaterThan(runs / 2);
    expect(seen.steps).toBeGreaterThan(3 * runs);
  });
}

/** The same streams, of which one has had no step. */
function restarted(executable: Executable, state: StreamState, row: number): StreamState {
  const rows = [...state.steps.keys()];
  const [before, after] = [rows.slice(0, row), rows.slice(row + 1)];
  return joinStreams([takeStreams(state, before), beginStreams(executable, 1), takeStreams(state, after)]);
}

/** One sequence in one call. */
function whole(executable: Executable, { input }: NetworkDescription, values: readonly number[], width: number) {
  const time = values.length / width;
  const x = input.kind === 'ids' ? Int32Array.from(values) : Float64Array.from(values);
  const none = Int32Array.of(0);
  const batch = { size: 1, time, inputs: { x }, lengths: Int32Array.of(time), exampleIndex: none, start: none };
  return executable.forward(batch, executable.initialState(1), { mode: 'infer' });
}
