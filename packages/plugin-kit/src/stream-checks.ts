// What every backend's step must do: streams end where whole sequences end, each goes its own way, and nothing given changes.
import {
  type Backend,
  type Batch,
  beginStreams,
  type Executable,
  joinStreams,
  type NetworkDescription,
  type StreamState,
  stepByForward,
  type Tensor,
  takeStreams,
  type Values,
} from '@unrolled/core';
import { type Check, check, expectRefusal, expectThat } from './check.ts';
import { infer, type Trial } from './module-checks.ts';
import { batchOf, compileWith, eachStep, maxOfSteps, meanOfSteps, moduleFrom, networkOf } from './networks.ts';
import { expectAllClose, expectClose, rowsOf, stateRows, toleranceOf } from './numeric.ts';
import { same } from './plain.ts';

/** Begins at a learned vector, and names the step. */
const learnedStart = moduleFrom(
  'learned-start',
  'h[t] = tanh(Wxh @ x[t] + Whh @ h[t-1]) + h[t-1] / (t + 1)',
  'h',
  ['Wxh', 'Whh'],
  { sizes: { units: 3 }, initial: { h: 'learned' } },
);
const begun = { module: learnedStart, direction: 'forward', dropout: {} } as const;
const plain = networkOf().layers;

/** What streams carry along besides a cell's state that begins at 0. */
const carrying: readonly Trial[] = [
  { title: 'a learned first state, the last step', network: networkOf({ layers: [begun] }) },
  { title: 'the mean of two layers', network: networkOf({ layers: [begun, ...plain], output: meanOfSteps(3) }) },
  { title: 'the maximum', network: networkOf({ output: maxOfSteps(3) }) },
  {
    title: 'an answer at each step',
    network: networkOf({ layers: [begun], output: eachStep(3), target: { kind: 'class', size: 3, per: 'step' } }),
  },
];

const STEPS = 5;

/** Checks of `step`. @param networks - some that stream and some that don't. */
export function streamChecks(plugin: Backend, networks: readonly Trial[]): readonly Check[] {
  const tolerance = toleranceOf(plugin);
  const trials = [...networks, ...carrying];
  const forEach =
    (run: (streamed: Streamed) => Promise<void>, streams = true) =>
    async () => {
      for (const { title, network } of trials) {
        const executable = await compileWith(plugin, network);
        if ((executable.streams === true) === streams) await run(new Streamed(title, network, executable));
        executable.dispose();
      }
    };
  return [
    check(
      'gives step by step what the whole sequences so far give',
      forEach(async ({ title, executable, batch, x }) => {
        let state = beginStreams(executable, batch.size);
        for (let steps = 1; steps <= STEPS; steps++) {
          const [next, output] = await executable.step(state, x(steps - 1));
          const whole = await infer(executable, { ...batch, lengths: batch.lengths.map(() => steps) });
          const at = `${title}, after ${steps} steps`;
          expectClose(`${at}: the output`, output, answerAt(whole.output, steps), tolerance);
          expectAllClose(`${at}: the state`, next.values, whole.state, tolerance);
          expectThat(same(next.steps, new Int32Array(batch.size).fill(steps)), `${at}: it says ${next.steps} steps.`);
          state = next;
        }
      }),
    ),
    check(
      'steps streams of different ages together, one of which begins anew',
      forEach(async ({ title, executable, batch, x }) => {
        const first = await advance(executable, beginStreams(executable, 2), [0, 1].map(x));
        const mixed = joinStreams([takeStreams(first.state, [0]), beginStreams(executable, 1)]);
        const { state, output } = await advance(executable, mixed, [x(2)]);
        expectThat(same(state.steps, Int32Array.of(3, 1)), `${title}: it says ${state.steps} steps, not 3 and 1.`);
        const old = await infer(executable, { ...batch, lengths: Int32Array.of(3, 3) });
        const fresh = await executable.step(beginStreams(executable, 2), x(2));
        expectClose(`${title}: the old stream`, rowsOf(output, [0]), rowsOf(answerAt(old.output, 3), [0]), tolerance);
        expectClose(`${title}: the new stream`, rowsOf(output, [1]), rowsOf(fresh[1], [1]), tolerance);
        expectAllClose(`${title}: its state`, stateRows(state.values, [1]), stateRows(fresh[0].values, [1]), tolerance);
      }),
    ),
    check(
      "leaves what it is given as it was, and gives what is the caller's own",
      forEach(async ({ title, executable, batch, x }) => {
        const { state } = await advance(executable, beginStreams(executable, batch.size), [x(0)]);
        const [before, input] = [structuredClone(state), x(1)];
        const one = await executable.step(state, input);
        expectThat(
          same(state, before) && same(input, x(1)),
          `${title}: a step changed the state or x that it was given.`,
        );
        const kept = structuredClone(one);
        await executable.step(state, x(2));
        expectThat(same(one, kept), `${title}: a step changed what an earlier one had given.`);
        one[1].data.fill(9);
        for (const { data } of Object.values(one[0].values)) data.fill(9);
        expectThat(same(await executable.step(state, x(1)), kept), `${title}: a fork did not go the same way again.`);
      }),
    ),
    check(
      'lets a NaN in one stream be seen in that stream alone',
      forEach(async ({ title, executable, batch, x }) => {
        const { state } = await advance(executable, beginStreams(executable, batch.size), [x(0)]);
        const ill = structuredClone(state);
        const name = executable.states[0]?.name as string;
        (ill.values[name] as Tensor).data[0] = Number.NaN;
        const [after, output] = await executable.step(ill, x(1));
        const [, whole] = await stepByForward(executable)(ill, x(1));
        const [, calm] = await executable.step(state, x(1));
        expectThat(after.values[name]?.data.some(Number.isNaN) === true, `${title}: ${name} must keep the NaN.`);
        expectThat(same(ills(output), ills(whole)), `${title}: the output must show the NaN wherever forward does.`);
        expectClose(`${title}: the other stream`, rowsOf(output, [1]), rowsOf(calm, [1]), tolerance);
      }),
    ),
    check(
      'refuses to step with a state or an input that does not fit',
      forEach(async ({ title, network, executable, batch, x }) => {
        const state = beginStreams(executable, batch.size);
        const other = { ...state, values: { another: { shape: [2, 1], data: new Float32Array(2) } } };
        const alone = takeStreams(state, [0]);
        const broad = { steps: state.steps, values: alone.values };
        const refuse = (what: string, given: StreamState, input: Int32Array | Values, code: string) =>
          expectRefusal(`${title}: ${what}`, () => executable.step(given, input), [code]);
        await refuse('a state of another network', other, x(0), 'STATE_INVALID');
        await refuse('a state of another batch', broad, x(0), 'STATE_INVALID');
        await refuse('an input of another batch', alone, x(0), 'BATCH_INVALID');
        if (network.input.kind === 'ids')
          await refuse('an id past the vocabulary', alone, Int32Array.of(network.input.vocabulary), 'BATCH_INVALID');
        const step = await executable.step(state, x(0));
        expectThat(same(await executable.step(state, x(0)), step), `${title}: a refused step must change nothing.`);
      }),
    ),
    check(
      'refuses to step where the network does not stream, with the sentence that names the layer',
      forEach(async ({ title, executable, batch, x }) => {
        const state = beginStreams(executable, batch.size);
        const step = () => executable.step(state, x(0));
        await expectRefusal(`${title}: a step`, step, ['NETWORK_DOES_NOT_STREAM']);
        const message = await step().catch((error: Error) => error.message);
        const { streams } = executable;
        expectThat(String(message).includes(String(streams)), `${title}: "${message}" must say "${streams}".`);
      }, false),
    ),
  ];
}

/** A network that two sample sequences go through step by step. */
class Streamed {
  readonly title: string;
  readonly network: NetworkDescription;
  readonly executable: Executable;
  /** Whole sequences, without what a loss needs. */
  readonly batch: Batch;

  constructor(title: string, network: NetworkDescription, executable: Executable) {
    const { input, target } = network;
    const { targets: _, weights: __, ...batch } = batchOf({ lengths: [STEPS, STEPS], input, target });
    this.title = title;
    this.network = network;
    this.executable = executable;
    this.batch = batch;
  }

  /** What enters at a step, from 0. */
  readonly x = (step: number): Int32Array | Values => {
    const { size, inputs } = this.batch;
    const width = size * (this.network.input.kind === 'ids' ? 1 : this.network.input.size);
    return (inputs.x as Float64Array).slice(step * width, (step + 1) * width);
  };
}

async function advance(executable: Executable, from: StreamState, inputs: readonly (Int32Array | Values)[]) {
  let [state, output] = [from, { shape: [0], data: new Float64Array(0) } as Tensor];
  for (const x of inputs) [state, output] = await executable.step(state, x);
  return { state, output };
}

/** Where a tensor is not a number. */
function ills({ data }: Tensor): readonly boolean[] {
  return Array.from(data, Number.isNaN);
}

/** The answer after so many steps: the output there, or that of the whole. */
function answerAt(output: Tensor, steps: number): Tensor {
  if (output.shape.length < 3) return output;
  const { shape, data } = rowsOf(output, [steps - 1]);
  return { shape: shape.slice(1), data };
}
