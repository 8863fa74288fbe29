// What every piece made of equations must do, tried in a small network: padding, empty sequences, gradients.
import type { Backend, Batch, EquationModule, Executable, NetworkDescription, Tensor } from '@unrolled/core';
import { type Check, check, expectThat } from './check.ts';
import { type BatchShape, batchOf, compileWith, precisionOf, tensor } from './networks.ts';
import {
  expectAllClose,
  expectClose,
  expectFinite,
  expectGradients,
  rowsOf,
  stateRows,
  toleranceOf,
} from './numeric.ts';
import type { Variant } from './options.ts';
import { expectPlain } from './plain.ts';

/** A network to try for each variant of a plug-in's options. */
export interface Trial {
  /** For messages. */
  readonly title: string;
  /** The network with the plug-in in it. */
  readonly network: NetworkDescription;
}

/** The trials of a plug-in: its module in the place where `into` puts it. */
export function trialsOf(
  variants: readonly Variant<any>[],
  into: (options: any) => NetworkDescription,
): readonly Trial[] {
  return variants.map(({ title, options }) => ({ title, network: into(options) }));
}

/** Checks that a module is plain data and lists what its equations need. */
export function moduleChecks(
  plugin: string,
  modules: readonly (readonly [string, EquationModule])[],
): readonly Check[] {
  return [
    check('gives its equations as plain data', () => {
      for (const [title, module] of modules) {
        expectPlain(`${title}: the module`, module);
        expectThat(module.name === plugin, `${title}: the module must bear the plug-in's name, not "${module.name}".`);
        expectThat(module.equations.trim() !== '', `${title}: there are no equations.`);
      }
    }),
  ];
}

const lengths = [4, 0, 2];
const rows = lengths.map((_, row) => row);
/** Where the output's rows are: its first axis, or the second where there is an output at each step. */
const rowAxis = (output: Tensor) => output.shape.length - 2;

/** Checks of whole networks: what padding, neighbours, empty sequences and finite differences must show. */
export function networkChecks(backend: Backend, trials: readonly Trial[]): readonly Check[] {
  const tolerance = toleranceOf(backend);
  const noExactGradients = precisionOf(backend) === 'float64' ? undefined : `backend "${backend.name}" has no float64`;
  const forEach = (run: (compiled: Compiled) => Promise<void>) => async () => {
    for (const { title, network } of trials) {
      const executable = await compileWith(backend, network);
      try {
        await run({ title, network, executable, batch: (shape) => batchOf({ ...shape, ...placesOf(network) }) });
      } finally {
        executable.dispose();
      }
    }
  };
  return [
    check(
      'runs forward to finite outputs and states',
      forEach(async ({ title, executable, batch }) => {
        const { output, state, loss } = await infer(executable, batch({ lengths }));
        expectFinite(`${title}: the output`, output);
        expectThat(Number.isFinite(loss), `${title}: the loss is ${loss}.`);
        for (const [name, value] of Object.entries(state)) expectFinite(`${title}: state ${name}`, value);
      }),
    ),
    check(
      'does not look at padding',
      forEach(async ({ title, executable, batch }) => {
        const plain = await infer(executable, batch({ lengths }));
        const padded = await infer(executable, batch({ lengths, time: 6, padding: 1 }));
        const output = rowAxis(plain.output) === 0 ? padded.output : firstSteps(padded.output, plain.output);
        expectClose(`${title}: the output beside more padding`, output, plain.output, tolerance);
        expectAllClose(`${title}: the state beside more padding`, padded.state, plain.state, tolerance);
      }),
    ),
    check(
      'does not look at other sequences of the batch',
      forEach(async ({ title, executable, batch }) => {
        const together = await infer(executable, batch({ lengths }));
        for (const row of rows) {
          const alone = await infer(executable, batch({ lengths: [lengths[row] as number], examples: [row], time: 4 }));
          const expected = rowsOf(together.output, [row], rowAxis(together.output));
          expectClose(`${title}: the output of sequence ${row} alone`, alone.output, expected, tolerance);
          expectAllClose(`${title}: its state`, alone.state, stateRows(together.state, [row]), tolerance);
        }
      }),
    ),
    check(
      'passes the state of an empty sequence through',
      forEach(async ({ title, executable, batch }) => {
        const { batch: given, state } = startedBatch(executable, batch({ lengths: [0, 3] }));
        // Both go on, since first values may be learned or come from a source.
        const result = await executable.forward({ ...given, start: Int32Array.of(1, 1) }, state, { mode: 'infer' });
        const expected = stateRows(state, [0]);
        expectAllClose(`${title}: the state of an empty sequence`, stateRows(result.state, [0]), expected, tolerance);
      }),
    ),
    check(
      'has the gradients that finite differences give',
      forEach(async ({ executable, batch }) => {
        const { batch: given, state } = startedBatch(executable, batch({ lengths: [3, 0, 2] }));
        await expectGradients(executable, given, state);
      }),
      noExactGradients,
    ),
  ];
}

/** A trial's network, compiled. */
interface Compiled extends Trial {
  readonly executable: Executable;
  /** A sample batch of what the network reads and learns. */
  readonly batch: (shape: BatchShape) => Batch;
}

function placesOf({ input, source, target }: NetworkDescription): Pick<BatchShape, 'input' | 'source' | 'target'> {
  return { input, source: source !== undefined, target };
}

/** Runs forward from fresh states, with the loss. */
export function infer(executable: Executable, batch: Batch) {
  return executable.forward(batch, executable.initialState(batch.size), { mode: 'infer' });
}

/** The batch, and states that are not zero. */
export function startedBatch(executable: Executable, batch: Batch) {
  const state = Object.fromEntries(
    Object.entries(executable.initialState(batch.size)).map(([name, { shape, data }]) => [
      name,
      tensor(
        shape,
        Float64Array.from(data, (value, index) => value + 0.1 * ((index % 5) - 2)),
      ),
    ]),
  );
  return { batch, state };
}

/** The steps of `[time, batch, …]` that `like` has. */
function firstSteps({ data }: Tensor, { shape }: Tensor): Tensor {
  const count = shape.reduce((product, size) => product * size, 1);
  return { shape, data: data.slice(0, count) };
}
