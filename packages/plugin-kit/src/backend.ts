// What every backend must do.
import type { Backend, Executable, NetworkDescription, State, Tensor } from '@unrolled/core';
import { type Check, check, expectRefusal, expectThat } from './check.ts';
import { languageTable } from './language-table.ts';
import { infer, networkChecks, startedBatch, type Trial } from './module-checks.ts';
import {
  batchOf,
  CLASSES,
  compileWith,
  decoderOf,
  distinctParameters,
  eachStep,
  heavyBall,
  isDeterministic,
  meanOfSteps,
  moduleFrom,
  networkOf,
  precisionOf,
  simpleCell,
} from './networks.ts';
import { errorOf, expectAllClose, expectClose, expectGradients, expectShape, rowsOf, toleranceOf } from './numeric.ts';
import { pluginChecks } from './options.ts';
import { same } from './plain.ts';
import { streamChecks } from './stream-checks.ts';

/** What a caller gives to the checks of a backend. */
export interface BackendSettings {
  /** A backend that is right in float64, to compare with; without it values are not compared. */
  readonly reference?: Backend;
}

const vocabulary = 5;
const ids = { kind: 'ids', vocabulary } as const;
const embedding = moduleFrom('embedding', 'e[t] = Eᵀ @ x[t]', 'e', [], {
  sizes: { size: 2 },
  parameters: { E: { shape: ['vocabulary', 'size'], init: { init: 'uniform', minimum: -0.5, maximum: 0.5 } } },
});
const forward = { module: simpleCell, direction: 'forward', dropout: {} } as const;
const perStep: NetworkDescription['target'] = { kind: 'class', size: CLASSES, per: 'step' };

const networks: readonly Trial[] = [
  { title: 'one layer', network: networkOf() },
  {
    title: 'two layers, an answer at each step',
    network: networkOf({ layers: [forward, forward], output: eachStep(CLASSES), target: perStep }),
  },
  { title: 'a two-way layer', network: networkOf({ layers: [{ ...forward, direction: 'both' }, forward] }) },
  {
    title: 'a backward layer',
    network: networkOf({ layers: [{ ...forward, direction: 'backward' }], output: meanOfSteps(CLASSES) }),
  },
  { title: 'an embedding', network: networkOf({ input: { ...ids, module: embedding } }) },
  { title: 'one-hot input', network: networkOf({ input: ids }) },
];
/** Looks at the memory before each step (Bahdanau et al. 2015). */
const attending = moduleFrom(
  'attending',
  `e[t,s] = v · tanh(Wq @ h[t-1] + Wk @ m[s])
   a[t,s] = softmax_s(e[t,s])
   c[t] = sum_s(a[t,s] * m[s])
   h[t] = tanh(Wxh @ x[t] + Wch @ c[t] + bh)`,
  'h',
  ['Wq', 'Wk', 'Wxh', 'Wch', 'bh'],
  { sizes: { units: 3 } },
);
const attendingLayer = {
  module: { ...attending, parameters: { ...attending.parameters, v: { shape: [2], init: { init: 'ones' } } } },
  direction: 'forward',
  dropout: {},
} as const;
const twoWay: NetworkDescription['source'] = {
  kind: 'encoder',
  input: { kind: 'vectors', size: 2 },
  layers: [{ ...forward, direction: 'both' }],
};
const begin = moduleFrom('begin', 'h = tanh(Wb @ last_s(m[s]) + bb)', 'h', ['Wb', 'bb']);

/** What reads more than one sequence of vectors or ids, or has other ways than from layer to layer; none of it streams. */
const others: readonly Trial[] = [
  {
    title: 'a bag without layers',
    network: networkOf({
      input: { kind: 'bag', size: vocabulary },
      layers: [],
      output: {
        ...meanOfSteps(CLASSES),
        equations: 'z[s] = value[s] * (Why @ h[s])\ny = sum_s(z[s]) + by',
      },
    }),
  },
  {
    title: 'a residual layer',
    network: networkOf({ layers: [forward, { ...forward, direction: 'backward', residual: true }] }),
  },
  { title: 'an encoder and a decoder that attends to it', network: decoderOf({ layers: [attendingLayer] }) },
  {
    title: 'a two-way encoder below two layers',
    network: decoderOf({ source: twoWay, layers: [attendingLayer, { ...forward, residual: true }] }),
  },
];
/** States that begin at what the memory says, and not at what is given. */
const begun = decoderOf({ source: twoWay, layers: [{ ...forward, begin }] });
const dropped = networkOf({
  layers: [
    { ...forward, dropout: { input: 0.5, output: 0.25 } },
    { ...forward, dropout: { inputSequence: 0.5 } },
  ],
});

/** Checks that every backend must pass. */
export function backendConformance(plugin: Backend, { reference }: BackendSettings = {}): readonly Check[] {
  const tolerance = toleranceOf(plugin);
  const using =
    (network: NetworkDescription, run: (executable: Executable) => Promise<void>): (() => Promise<void>) =>
    async () => {
      const executable = await compileWith(plugin, network);
      await run(executable);
      executable.dispose();
    };
  return [
    ...pluginChecks(plugin, 'backend'),
    check('computes in each precision that it names, and refuses the others', async () => {
      expectThat(plugin.precisions.length > 0, 'It must name a precision.');
      const compile = plugin.compile(plugin.options.defaults);
      for (const precision of ['float32', 'float64'] as const) {
        const compiling = () => compile(networkOf(), { precision });
        if (!plugin.precisions.includes(precision)) await expectRefusal(precision, compiling, ['BACKEND_UNSUPPORTED']);
        else (await compiling()).dispose();
      }
    }),
    check(
      'names parameters and states by their place, in order, with shapes that follow from use',
      using(
        networkOf({ input: { ...ids, module: embedding }, layers: [{ ...forward, direction: 'both' }] }),
        async (executable) => {
          const shapes = executable.parameters.map(({ name, shape }) => `${name} [${shape}]`);
          const layer = (way: string) => [`${way}.Wxh [3,2]`, `${way}.Whh [3,3]`, `${way}.bh [3]`];
          const wanted = [
            'input.E [5,2]',
            ...layer('layers.0.forward'),
            ...layer('layers.0.backward'),
            'output.Why [3,6]',
            'output.by [3]',
          ];
          expectThat(same(shapes, wanted), `It has ${shapes.join('; ')}, not ${wanted.join('; ')}.`);
          const states = executable.states.map(({ name, shape }) => `${name} [${shape}]`);
          expectThat(
            same(states, ['layers.0.forward.h [3]', 'layers.0.backward.h [3]']),
            `Its states are ${states.join('; ')}.`,
          );
        },
      ),
    ),
    ...networkChecks(plugin, [...networks, ...others]),
    check(
      'begins the states of a decoder from the memory, where a sequence begins',
      using(begun, async (executable) => {
        const batch = batchOf({ lengths: [3, 2], target: perStep, source: true });
        const zeros = executable.initialState(2);
        const given = { ...zeros, 'layers.0.h': startedBatch(executable, batch).state['layers.0.h'] as Tensor };
        const outputAt = async (start: number, state: State) => {
          const at = { ...batch, start: new Int32Array(2).fill(start) };
          return (await executable.forward(at, state, { mode: 'infer' })).output;
        };
        const first = await outputAt(0, zeros);
        expectClose('the output of a sequence that begins, whatever is given', await outputAt(0, given), first, 0);
        expectThat(
          errorOf((await outputAt(1, given)).data, (await outputAt(1, zeros)).data) > 1e-3,
          'A sequence that goes on must take the state that is given.',
        );
      }),
    ),
    check(
      'has the gradients that finite differences give where states begin from the memory',
      using(begun, async (executable) => {
        const { batch, state } = startedBatch(
          executable,
          batchOf({ lengths: [3, 0, 2], target: perStep, source: true }),
        );
        await expectGradients(executable, batch, state);
      }),
      precisionOf(plugin) === 'float64' ? undefined : `backend "${plugin.name}" has no float64`,
    ),
    check('says whether a network streams, and which layer does not', async () => {
      for (const { title, network } of networks) {
        const executable = await compileWith(plugin, network);
        const expected = network.layers.every(({ direction }) => direction === 'forward');
        const { streams } = executable;
        expectThat((streams === true) === expected, `${title}: it says ${streams}.`);
        expectThat(streams === true || /0/.test(streams), `${title}: "${streams}" must name the layer.`);
        executable.dispose();
      }
    }),
    ...streamChecks(plugin, networks),
    check(
      'propagates a gradient given for the output and for the final state',
      using(networkOf({ output: eachStep(CLASSES), target: perStep }), async (executable) => {
        const { batch, state } = startedBatch(executable, batchOf({ lengths: [3, 1], target: perStep }));
        const { targets: _, weights: __, ...silent } = batch;
        const output = await seeded(executable, silent, state, 'output');
        const final = await seeded(executable, silent, state, 'final');
        const both = await seeded(executable, silent, state, 'both');
        for (const [name, { data }] of Object.entries(both.parameters)) {
          const sum = data.map((_, i) => at(output.parameters[name], i) + at(final.parameters[name], i));
          expectThat(
            errorOf(sum, data) <= tolerance * 10,
            `The gradient of ${name} by both is not the sum of the two.`,
          );
        }
        const by = rowsOf(both.parameters['output.by'] as Tensor, [0, 1, 2]);
        expectThat(
          errorOf(by.data, [4, 4, 4]) <= tolerance,
          'The gradient of the output bias must count the true steps.',
        );
      }),
    ),
    check(
      'adds gradients up until a step without "accumulate" applies their sum',
      using(networkOf({ optimizer: heavyBall }), async (executable) => {
        const [one, two] = [batchOf({ lengths: [3, 2] }), batchOf({ lengths: [4, 1], examples: [2, 3] })];
        const key = { seed: 1, update: 0 };
        const step = (batch: typeof one, accumulate: boolean) =>
          executable.trainStep(batch, executable.initialState(2), { key, learningRate: 0.1, accumulate });
        const before = await executable.read();
        const [first, second] = [
          (await executable.gradients(one, executable.initialState(2), {})).parameters,
          (await executable.gradients(two, executable.initialState(2), {})).parameters,
        ];
        await step(one, true);
        const waiting = await executable.read();
        expectThat(same(waiting.parameters, before.parameters) && waiting.updates === 0, 'A weight changed too early.');
        expectAllClose('The gradient kept', waiting.accumulated, first, tolerance);
        const { gradientNorm } = await step(two, false);
        const after = await executable.read();
        expectThat(same(after.accumulated, {}) && after.updates === 1, 'The sum must be applied once.');
        let squares = 0;
        for (const [name, { data }] of Object.entries(after.parameters)) {
          const sum = data.map((_, i) => at(first[name], i) + at(second[name], i));
          for (const value of sum) squares += value * value;
          const moved = data.map((_, i) => at(before.parameters[name], i) - 0.1 * (sum[i] as number));
          expectThat(errorOf(data, moved) <= tolerance * 10, `${name} did not move by the sum of the gradients.`);
        }
        const norm = Math.sqrt(squares);
        expectThat(errorOf([gradientNorm], [norm]) <= tolerance * 10, `The norm is ${gradientNorm}, not ${norm}.`);
      }),
    ),
    check('clips by value, then by norm, and reports the norm before', async () => {
      const state = { key: { seed: 1, update: 0 }, learningRate: 1 };
      const moved = async (clip: NetworkDescription['clip']) => {
        const executable = await compileWith(plugin, networkOf(clip === undefined ? {} : { clip }));
        const before = (await executable.read()).parameters;
        const { gradientNorm } = await executable.trainStep(
          batchOf({ lengths: [4, 2] }),
          executable.initialState(2),
          state,
        );
        const after = (await executable.read()).parameters;
        executable.dispose();
        const by = Object.entries(before).flatMap(([name, { data }]) =>
          [...data].map((value, i) => value - at(after[name], i)),
        );
        return { by, gradientNorm };
      };
      const free = await moved(undefined);
      const byValue = await moved({ value: 0.01 });
      const byNorm = await moved({ norm: 0.01 });
      const allowed = tolerance * 100;
      const clamped = free.by.map((value) => Math.max(-0.01, Math.min(0.01, value)));
      expectThat(errorOf(byValue.by, clamped) <= allowed, 'Clipping by value must clamp each element.');
      const scaled = free.by.map((value) => (value * 0.01) / free.gradientNorm);
      expectThat(errorOf(byNorm.by, scaled) <= allowed, 'Clipping by norm must scale all gradients together.');
      expectThat(errorOf([byNorm.gradientNorm], [free.gradientNorm]) <= tolerance, 'The norm is that before clipping.');
    }),
    check(
      'draws masks by example, step and update, not by their place in the batch',
      using(dropped, async (executable) => {
        const run = async (lengths: readonly number[], examples: readonly number[], update = 0, seed = 7) => {
          const batch = batchOf({ lengths, examples });
          const options = { mode: 'train', key: { seed, update } } as const;
          return (await executable.forward(batch, executable.initialState(lengths.length), options)).output;
        };
        const together = await run([5, 3], [4, 9]);
        expectThat(same(await run([5, 3], [4, 9]), together), 'The same key must give the same masks.');
        expectClose('An example alone', await run([3], [9]), rowsOf(together, [1]), tolerance);
        for (const [what, other] of [
          ['update', await run([5, 3], [4, 9], 1)],
          ['seed', await run([5, 3], [4, 9], 0, 8)],
        ] as const)
          expectThat(errorOf(other.data, together.data) > 1e-3, `Another ${what} must give other masks.`);
        const calm = await infer(executable, batchOf({ lengths: [5, 3], examples: [4, 9] }));
        expectThat(errorOf(calm.output.data, together.data) > 1e-3, 'Inference must draw no masks.');
      }),
    ),
    check(
      'gives the states after some steps, and carries them on',
      using(networkOf(), async (executable) => {
        const batch = batchOf({ lengths: [5, 2] });
        const { state, intermediate = [] } = await executable.forward(batch, executable.initialState(2), {
          mode: 'infer',
          statesAt: [0, 2, 3, 5],
        });
        for (const [index, steps] of [0, 2, 3, 5].entries()) {
          const lengths = batch.lengths.map((length) => Math.min(length, steps));
          const cut = await executable.forward({ ...batch, lengths }, executable.initialState(2), { mode: 'infer' });
          expectAllClose(`The state after ${steps} steps`, intermediate[index] ?? {}, cut.state, tolerance);
        }
        expectAllClose('The last of them', intermediate[3] ?? {}, state, tolerance);
      }),
    ),
    check(
      'traces named values at each step, 0 in the padding',
      using(networkOf(), async (executable) => {
        const batch = batchOf({ lengths: [3, 1] });
        const traced = await executable.trace(batch, executable.initialState(2), ['layers.0.h', 'output.p']);
        expectShape('layers.0.h', traced['layers.0.h'], [3, 2, 3]);
        expectShape('output.p', traced['output.p'], [2, 3]);
        const padding = rowsOf(rowsOf(traced['layers.0.h'] as Tensor, [1, 2]), [1], 1);
        expectThat(
          padding.data.every((value) => value === 0),
          'Padded steps must be 0.',
        );
        await expectRefusal('an unknown name', () =>
          executable.trace(batch, executable.initialState(2), ['layers.0.none']),
        );
      }),
    ),
    check(
      'reads copies, and writes all that is given or nothing',
      using(networkOf({ optimizer: heavyBall }), async (executable) => {
        const { parameters, optimizer, updates } = await executable.read();
        const first = parameters['layers.0.bh'] as Tensor;
        (first.data as Float64Array).fill(9);
        const kept = await executable.read();
        expectThat(!same(kept.parameters, parameters), 'What was read must be a copy.');
        expectThat(
          same(
            Object.keys(optimizer),
            executable.parameters.map(({ name }) => `v/${name}`),
          ),
          'Optimizer state goes by state and parameter.',
        );
        expectThat(updates === 0, 'No update was made.');
        const wrong = { shape: [2], data: Float64Array.of(1, 2) };
        for (const snapshot of [
          { parameters: { 'layers.0.bh': first, 'layers.0.none': first } },
          { parameters: { 'layers.0.bh': first, 'output.by': wrong } },
          { parameters: { 'layers.0.bh': first }, optimizer: { 'v/none': first } },
        ]) {
          await expectRefusal(Object.keys(snapshot.parameters).join(' and '), () => executable.write(snapshot));
          expectThat(same(await executable.read(), kept), 'A refused write must change nothing.');
        }
        await executable.write({ parameters: distinctParameters(executable), updates: 5 });
        expectThat((await executable.read()).updates === 5, 'The number of updates must be written.');
      }),
    ),
    check(
      'takes a batch without sequences, and one without steps',
      using(networkOf({ output: eachStep(CLASSES), target: perStep, optimizer: heavyBall }), async (executable) => {
        for (const [lengths, time] of [
          [[], 2],
          [[0, 0], 0],
        ] as const) {
          const size = lengths.length;
          const { batch, state } = startedBatch(executable, batchOf({ lengths, time, target: perStep }));
          const { updates } = await executable.read();
          const result = await executable.gradients(batch, state, {});
          expectShape('The output', result.output, [time, size, CLASSES]);
          expectThat(result.loss === 0, `Its loss is ${result.loss}, not 0.`);
          expectAllClose('The final state', result.state, state, tolerance);
          for (const [name, { data }] of Object.entries(result.parameters))
            expectThat(
              data.every((value) => value === 0),
              `The gradient of ${name} must be 0.`,
            );
          const step = await executable.trainStep(batch, state, { key: { seed: 1, update: updates }, learningRate: 1 });
          expectThat(step.gradientNorm === 0, `The norm of its gradient is ${step.gradientNorm}, not 0.`);
          expectThat((await executable.read()).updates === updates + 1, 'It must count as an update.');
        }
      }),
    ),
    check(
      'refuses a batch that does not fit the network',
      using(networkOf({ input: ids }), async (executable) => {
        const batch = batchOf({ lengths: [2, 1], input: ids });
        const state = executable.initialState(2);
        const changes = {
          'an id past the vocabulary': { inputs: { x: Int32Array.of(0, vocabulary, 0, 0) } },
          'a length past the time': { lengths: Int32Array.of(3, 1) },
          'a length below 0': { lengths: Int32Array.of(2, -1) },
          'inputs of another size': { inputs: { x: Int32Array.of(0) } },
          'a class past the last': { targets: Int32Array.of(0, CLASSES) },
          'one example number for two sequences': { exampleIndex: Int32Array.of(0) },
          'starts of three sequences': { start: new Int32Array(3) },
        };
        for (const [what, change] of Object.entries(changes))
          await expectRefusal(what, () => executable.forward({ ...batch, ...change }, state, { mode: 'infer' }));
        const { targets: _, ...unlabelled } = batch;
        await expectRefusal('weights without targets', () => executable.gradients(unlabelled, state, {}));
        await expectRefusal('a state of another batch', () =>
          executable.forward(batch, executable.initialState(1), { mode: 'infer' }),
        );
      }),
    ),
    check(
      'refuses a call that lacks something, or is given what does not fit',
      using(networkOf(), async (executable) => {
        const batch = batchOf({ lengths: [2, 1] });
        const state = executable.initialState(2);
        const { targets: _, weights: __, ...silent } = batch;
        const step = { key: { seed: 1, update: 0 }, learningRate: 1 };
        const wrong = { shape: [2], data: Float64Array.of(1, 2) };
        const calls: readonly (readonly [string, string, () => unknown])[] = [
          ['training without a key', 'KEY_MISSING', () => executable.forward(batch, state, { mode: 'train' })],
          ['a step without targets', 'BATCH_WITHOUT_TARGETS', () => executable.trainStep(silent, state, step)],
          [
            'a state after half a step',
            'STEPS_INVALID',
            () => executable.forward(batch, state, { mode: 'infer', statesAt: [0.5] }),
          ],
          [
            'a gradient of another shape',
            'SHAPE_MISMATCH',
            () => executable.gradients(batch, state, { outputGradient: wrong }),
          ],
          [
            'a gradient of no state',
            'PARAMETER_UNKNOWN',
            () => executable.gradients(batch, state, { finalStateGradient: { none: wrong } }),
          ],
          ['less than no update', 'SNAPSHOT_INVALID', () => executable.write({ updates: -1 })],
          ['a state of half a sequence', 'STATE_INVALID', () => executable.initialState(0.5)],
        ];
        for (const [what, code, call] of calls) await expectRefusal(what, call, [code]);
        const { optimizer: ___, ...untrained } = networkOf();
        const predicting = await compileWith(plugin, untrained);
        await expectRefusal('a step without an optimizer', () => predicting.trainStep(batch, state, step), [
          'OPTIMIZER_MISSING',
        ]);
        predicting.dispose();
      }),
    ),
    check('refuses every call once it is disposed', async () => {
      const executable = await compileWith(plugin, networkOf());
      const [batch, state] = [batchOf({ lengths: [1] }), executable.initialState(1)];
      executable.dispose();
      executable.dispose();
      const codes = ['EXECUTABLE_DISPOSED'];
      const step = { key: { seed: 1, update: 0 }, learningRate: 1 };
      await expectRefusal('initialState', () => executable.initialState(1), codes);
      await expectRefusal('trainStep', () => executable.trainStep(batch, state, step), codes);
      await expectRefusal('forward', () => executable.forward(batch, state, { mode: 'infer' }), codes);
      await expectRefusal('gradients', () => executable.gradients(batch, state, {}), codes);
      await expectRefusal('read', () => executable.read(), codes);
      await expectRefusal('write', () => executable.write({}), codes);
      await expectRefusal('trace', () => executable.trace(batch, state, []), codes);
      const streams = { steps: Int32Array.of(0), values: state };
      await expectRefusal('step', () => executable.step(streams, Float64Array.of(0, 0)), codes);
    }),
    check(
      'trains to the same bits from the same start',
      async () => {
        const trained = async () => {
          const executable = await compileWith(plugin, dropped);
          for (let update = 0; update < 5; update++)
            await executable.trainStep(batchOf({ lengths: [4, 0, 2] }), executable.initialState(3), {
              key: { seed: 3, update },
              learningRate: 0.1,
            });
          const snapshot = await executable.read();
          executable.dispose();
          return snapshot;
        };
        expectThat(same(await trained(), await trained()), 'A second run ended in other weights.');
      },
      isDeterministic(plugin) ? undefined : 'it does not promise it',
    ),
    ...languageTable.map(({ title, network, stops }) =>
      check(
        `differentiates ${title} as finite differences do`,
        using(network, async (executable) => {
          const { input, target } = network;
          const { batch, state } = startedBatch(executable, batchOf({ lengths: [3, 0, 2], input, target }));
          await expectGradients(executable, batch, state, { seed: 5, update: 2 });
        }),
        stops ? 'it has no slope' : precisionOf(plugin) === 'float64' ? undefined : 'the backend has no float64',
      ),
    ),
    ...languageTable.map(({ title, network }) =>
      check(
        `computes ${title} as the reference does`,
        async () => {
          const [ours, theirs] = [await compileWith(plugin, network), await compileWith(reference as Backend, network)];
          const allowed = precisionOf(plugin) === 'float64' ? 1e-9 : 1e-4;
          const { input, target } = network;
          const { batch, state } = startedBatch(ours, batchOf({ lengths: [4, 1, 0, 3], input, target }));
          const key = { seed: 5, update: 2 };
          const [found, wanted] = [
            await ours.gradients(batch, state, { key }),
            await theirs.gradients(batch, state, { key }),
          ];
          expectClose('The output', found.output, wanted.output, allowed);
          expectThat(errorOf([found.loss], [wanted.loss]) <= allowed, `The loss is ${found.loss}, not ${wanted.loss}.`);
          expectAllClose('The final state', found.state, wanted.state, allowed);
          expectAllClose('The gradient of', found.parameters, wanted.parameters, allowed);
          expectAllClose('The gradient of input', found.inputs, wanted.inputs, allowed);
          expectAllClose('The gradient of state', found.initialState, wanted.initialState, allowed);
          ours.dispose();
          theirs.dispose();
        },
        reference ? undefined : 'no reference to compare with was given',
      ),
    ),
  ];
}

function at(tensor: Tensor | undefined, index: number): number {
  return tensor?.data[index] as number;
}

/** Gradients of the sum of all outputs, of all final states, or of both. */
function seeded(
  executable: Executable,
  batch: Parameters<Executable['gradients']>[0],
  state: Parameters<Executable['gradients']>[1],
  what: 'output' | 'final' | 'both',
) {
  const ones = (tensor: Tensor): Tensor => ({ ...tensor, data: new Float64Array(tensor.data.length).fill(1) });
  const shape = [batch.time, batch.size, CLASSES];
  const outputGradient = ones({ shape, data: new Float64Array(batch.time * batch.size * CLASSES) });
  const finalStateGradient = Object.fromEntries(Object.entries(state).map(([name, value]) => [name, ones(value)]));
  return executable.gradients(batch, state, {
    ...(what !== 'final' && { outputGradient }),
    ...(what !== 'output' && { finalStateGradient }),
  });
}
