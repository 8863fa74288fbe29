// Encoder–decoders beyond single numbers: decoding step by step, padding, neighbours, traces, and what is refused.
import { referenceBackend } from '@unrolled/backend-reference';
import {
  type Batch,
  type Compile,
  decoderStepOf,
  type EquationModule,
  type Executable,
  encoderOf,
  type NetworkDescription,
  type NetworkPart,
  type State,
  type Tensor,
  type Tensors,
  type Values,
} from '@unrolled/core';
import { describeEncoderDecoder, type EncoderDecoderCase, encoderDecoderCases } from '@unrolled/goldens';
import { describe, expect, test } from 'vitest';
import { expectAlike, expectTensors } from './tolerances.ts';

/**
 * Registers the tests of one backend.
 * @param tolerance - how far apart what is the same may lie; 0 where the same bits are promised.
 * @param stride - takes one network of as many, for a backend that is slow.
 */
export function encoderDecoderSuite(compile: Compile, tolerance = 0, stride = 1): void {
  const taken = encoderDecoderCases().filter((_, i) => i % stride === 0);
  const cases = taken.map((golden) => [golden.name, golden] as const);

  test.each(cases)('%s: decoded step by step like the whole', async (_, golden) => {
    const description = describeEncoderDecoder(golden.network);
    const whole = await open(compile, description, golden.parameters);
    const { targets: _t, weights: _w, ...batch } = golden.batch as Batch;
    const { output } = await whole.forward(batch, whole.initialState(batch.size), { mode: 'infer' });
    whole.dispose();
    const memory = await encoded(compile, description, golden, batch);
    const [, , memorySize = 0] = memory.shape;
    const step = await openPart(compile, decoderStepOf(description, memorySize), golden);
    let state: State = step.initialState(batch.size);
    for (let t = 0; t < batch.time; t++) {
      const given = stepBatch(batch, memory, t);
      const taken = await step.forward(given, state, { mode: 'infer' });
      expect(taken.output.shape).toEqual([batch.size, golden.network.size]);
      for (const [row, length] of batch.lengths.entries())
        if (t < length) expectAlike(rowOf(taken.output, row), rowOf(output, t * batch.size + row), tolerance);
      state = taken.state;
    }
    step.dispose();
  });

  test.each(cases)('%s: nothing beside or behind a sequence changes it', async (_, golden) => {
    const executable = await open(compile, describeEncoderDecoder(golden.network), golden.parameters);
    const batch = golden.batch as Batch;
    const of = (given: Batch, state: State) => executable.gradients(given, state, {});
    const plain = await of(batch, golden.initialState);
    const padded = await of(withRubbish(batch), golden.initialState);
    const { output, inputs, ...rest } = padded;
    expectAlike(
      { ...rest, output: firstSteps(output, plain.output) },
      { ...omit(plain), output: plain.output },
      tolerance,
    );
    for (const [name, gradient] of Object.entries(plain.inputs))
      expectAlike(firstSteps(inputs[name] as Tensor, gradient), gradient, tolerance);
    for (let row = 0; row < batch.size; row++) {
      const { targets: _t, weights: _w, ...one } = pickRow(batch, row);
      const state = Object.fromEntries(
        Object.entries(golden.initialState).map(([name, each]) => [name, pick(each, row)]),
      );
      const alone = await executable.forward(one, state, { mode: 'infer' });
      for (let t = 0; t < batch.time; t++)
        expectAlike(rowOf(alone.output, t), rowOf(plain.output, t * batch.size + row), tolerance);
      for (const [name, each] of Object.entries(alone.state))
        expectAlike(each.data, rowOf(plain.state[name] as Tensor, row), tolerance);
    }
    executable.dispose();
  });

  test.each(cases)('%s: the gradients of one decoder step are those of the reference', async (_, golden) => {
    const [found, wanted] = [await stepGradients(compile, golden), await stepGradients(referenceBackend(), golden)];
    expectTensors('the', { output: found.output }, { output: wanted.output }, 1e-5);
    expectTensors('gradient of', found.parameters, wanted.parameters, 1e-4);
    expectTensors('gradient of input', found.inputs, wanted.inputs, 1e-4);
    expectTensors('gradient of initial', found.initialState, wanted.initialState, 1e-4);
    expect(Object.keys(found.inputs)).toEqual(golden.network.input.kind === 'ids' ? ['memory'] : ['memory', 'x']);
  });

  test('attention is traced as weights over the source alone', async () => {
    const golden = caseOf('attention in the recurrence');
    const executable = await open(compile, describeEncoderDecoder(golden.network), golden.parameters);
    const batch = golden.batch as Batch;
    const { size, time, lengths } = batch;
    const names = ['layers.0.a', 'layers.0.e', 'source.layers.0.forward.h'];
    const traced = await executable.trace(batch, executable.initialState(size), names);
    const [a, e, h] = names.map((name) => traced[name] as Tensor) as [Tensor, Tensor, Tensor];
    expect([a.shape, h.shape]).toEqual([
      [time, time, size],
      [time, size, 3],
    ]);
    for (let row = 0; row < size; row++) {
      const sourceLength = batch.sourceLengths?.[row] as number;
      for (let t = 0; t < time; t++) {
        const at = (tensor: Tensor) =>
          Array.from({ length: time }, (_, s) => tensor.data[(t * time + s) * size + row] as number);
        const weights = at(a);
        const total = weights.reduce((sum, weight) => sum + weight, 0);
        expect(total).toBeCloseTo(t < (lengths[row] as number) && sourceLength > 0 ? 1 : 0, 5);
        for (const beyond of [weights, at(e)])
          expect(beyond.slice(sourceLength).every((each) => each === 0)).toBe(true);
        if (t >= sourceLength) expect([...rowOf(h, t * size + row)]).toEqual([0, 0, 0]);
      }
    }
    executable.dispose();
  });

  test('an encoder–decoder does not stream, and its batches are checked', async () => {
    const golden = caseOf('lstm additive attention');
    const executable = await open(compile, describeEncoderDecoder(golden.network), golden.parameters);
    expect(executable.streams).toBe(
      'The encoder reads its whole source before the first step, so the network does not stream.',
    );
    const { sourceLengths = new Int32Array(0), ...batch } = golden.batch as Batch;
    const state = executable.initialState(batch.size);
    const runOf = (given: Batch) => executable.forward(given, state, { mode: 'infer' });
    await expect(runOf(batch)).rejects.toThrow('found no sourceLengths; expected sourceLengths [batch]');
    await expect(runOf({ ...batch, sourceLengths: sourceLengths.slice(1) })).rejects.toThrow(
      'found sourceLengths of 6 numbers; expected [batch], which is 7',
    );
    await expect(
      runOf({ ...batch, sourceLengths: sourceLengths.map((length, row) => (row === 2 ? 3 : length)) }),
    ).rejects.toThrow(
      'found a sourceLength of 3 beside a length of 2 (sequence 2); expected whole sourceLengths from 0 to the length',
    );
    const { x, source } = batch.inputs;
    await expect(runOf({ ...batch, sourceLengths, inputs: { x: x as Int32Array } })).rejects.toThrow(
      'found inputs x; expected an input named source',
    );
    await expect(
      runOf({ ...batch, sourceLengths, inputs: { x: x as Int32Array, source: (source as Int32Array).map(() => 6) } }),
    ).rejects.toThrow('found 6 in inputs.source (sequence 0, step 0); expected whole numbers from 0 to 5');
    await expect(
      executable.forward({ ...batch, sourceLengths }, state, { mode: 'infer', statesAt: [1] }),
    ).rejects.toThrow('A network with a source has no states after some of its steps.');
    executable.dispose();
  });

  describe('what does not fit together', () => {
    const golden = caseOf('lstm from the last state');
    const network = describeEncoderDecoder(golden.network);
    const { source, ...alone } = network;
    const [layer] = network.layers as [NetworkDescription['layers'][number]];
    const begun = (equations: string, output = 'h'): NetworkDescription => ({
      ...network,
      layers: [{ ...layer, begin: { ...(layer.begin as EquationModule), equations, output } }],
    });
    const steps = decoderStepOf(network, 4).network;
    const attending = describeEncoderDecoder(caseOf('attention in the recurrence').network);
    const [reader] = attending.layers as [typeof layer];
    const reading = (equations: string): NetworkDescription => ({
      ...attending,
      layers: [{ ...reader, module: { ...reader.module, equations } }],
    });
    test.each([
      [
        'first values without a source',
        alone,
        'Layer 0 (lstm) has first values from a memory, but the network has no source.',
      ],
      [
        'attention without a source',
        {
          ...alone,
          layers: [],
          attention: describeEncoderDecoder(caseOf('lstm additive attention').network).attention,
        },
        'The attention "additive" reads a memory, but the network has no source.',
      ],
      [
        'a memory where there is none',
        { ...alone, layers: [{ ...reader, begin: undefined }] },
        '"m", which is not a value, input, parameter, option or size',
      ],
      [
        'first values in the encoder',
        { ...network, source: { ...source, layers: [layer] } },
        'Layer 0 (lstm) of the encoder has first values from a memory, which is what the encoder is to make.',
      ],
      [
        'a bag as the source',
        { ...network, source: { kind: 'encoder', layers: [], input: { kind: 'bag', size: 3 } } },
        'The source of the encoder is a bag, which has no order to be read in.',
      ],
      [
        'a loss of one step',
        { ...steps, loss: network.loss },
        'The network takes one step with a memory that it is handed, but it has a loss',
      ],
      [
        'a backward layer of one step',
        { ...steps, layers: [{ ...layer, direction: 'backward' }] },
        'Layer 0 (lstm) runs backward, but the network takes one step at a time.',
      ],
      [
        'pooling of one step',
        { ...steps, output: { ...network.output, equations: 'p = last_s(h[s])\ny = Why @ p + by' } },
        'all steps at once, by the index "s"',
      ],
      [
        'first values of no state',
        begun('p = last_s(m[s])\nh = tanh(Wb @ p + bb)\nk = Wc @ p'),
        '"k", which is no state of lstm',
      ],
      [
        'first values with an index',
        begun('h[s] = tanh(Wb @ m[s] + bb)\nc = Wc @ last_s(m[s])'),
        'an index of "h", of which there is one first value',
      ],
      [
        'first values of steps before',
        begun('h = tanh(Wb @ last_s(m[s]) + bb)\nc = Wc @ h + h[t-1]'),
        'the previous step of what has no steps',
      ],
      [
        'the number of a step in first values',
        begun('h = tanh(Wb @ last_s(m[s]) + bb)\nc = t * (Wc @ h)'),
        'the step number "t", where there are no steps',
      ],
      [
        'the memory at a step',
        reading(reader.module.equations.replace('Wk @ m[s]', 'Wk @ m[t]')),
        '"m" by an index of the source, such as "m[s]"',
      ],
      [
        'the input at a position',
        reading(reader.module.equations.replace('Wxh @ x[t]', 'Wxh @ sum_s(x[s])')),
        '"s" ranges over the source, which has no "x"',
      ],
      [
        'two positions in one line',
        reading(`${reader.module.equations}\nz[s] = m[s] * last_r(m[r])`),
        'two indices in one line: "s", "r"',
      ],
    ] as const)('%s', async (_, description, sentence) => {
      await expect(compile(description as NetworkDescription, {})).rejects.toThrow(sentence);
    });

    test('parts of a network without an encoder', () => {
      expect(() => encoderOf(alone)).toThrow('The network has no encoder, so it has no parts to decode with.');
      expect(() => decoderStepOf(steps, 4)).toThrow('The network has no encoder');
    });
  });
}

function caseOf(name: string): EncoderDecoderCase {
  const found = encoderDecoderCases().find((golden) => golden.name === name);
  if (!found) throw new Error(`There is no golden "${name}".`);
  return found;
}

async function open(compile: Compile, description: NetworkDescription, parameters: Tensors): Promise<Executable> {
  const executable = await compile(description, {});
  await executable.write({ parameters });
  return executable;
}

/** A part with the parameters that it has in the whole. */
function openPart(
  compile: Compile,
  { network, parameterOf }: NetworkPart,
  golden: EncoderDecoderCase,
): Promise<Executable> {
  return compile(network, {}).then(async (executable) => {
    const own = executable.parameters.map(
      ({ name }) => [name, golden.parameters[parameterOf(name)] as Tensor] as const,
    );
    await executable.write({ parameters: Object.fromEntries(own) });
    return executable;
  });
}

/** What the encoder alone makes of the sources. */
async function encoded(
  compile: Compile,
  description: NetworkDescription,
  golden: EncoderDecoderCase,
  { inputs, sourceLengths, ...batch }: Batch,
): Promise<Tensor> {
  const encoder = await openPart(compile, encoderOf(description), golden);
  const sources = { ...batch, inputs: { x: inputs.source as Values }, lengths: sourceLengths as Int32Array };
  const { output } = await encoder.forward(sources, encoder.initialState(batch.size), { mode: 'infer' });
  encoder.dispose();
  return output;
}

/** One decoder step of all sequences. */
function stepBatch({ inputs, sourceLengths, ...batch }: Batch, memory: Tensor, t: number): Batch {
  const x = inputs.x as Values;
  const width = x.length / batch.time;
  return {
    ...batch,
    inputs: { x: x.slice(t * width, (t + 1) * width), memory: memory.data },
    lengths: sourceLengths as Int32Array,
    start: new Int32Array(batch.size).fill(t),
  };
}

/** Gradients of sequences that begin and that go on, one of them with an empty source; memory beyond its end is anything. */
async function stepGradients(compile: Compile, golden: EncoderDecoderCase) {
  const description = describeEncoderDecoder(golden.network);
  const { targets: _t, weights: _w, ...batch } = golden.batch as Batch;
  const memory = await encoded(compile, description, golden, batch);
  const [time = 0, size = 0, width = 0] = memory.shape;
  const lengths = batch.sourceLengths as Int32Array;
  const data = Float64Array.from(memory.data, (value, i) => {
    const [step, row] = [Math.floor(i / (size * width)), Math.floor(i / width) % size];
    return step < (lengths[row] as number) ? value : Number.NaN;
  });
  const step = await openPart(compile, decoderStepOf(description, width), golden);
  const given = {
    ...stepBatch(batch, { shape: [time, size, width], data }, 0),
    start: batch.start.map((__, row) => row % 2),
  };
  const state = Object.fromEntries(step.states.map(({ name }) => [name, golden.initialState[name] as Tensor]));
  const shape = [size, golden.network.size];
  const outputGradient = {
    shape,
    data: Float64Array.from({ length: size * golden.network.size }, (__, i) => (i % 5) - 2),
  };
  const gradients = await step.gradients(given, state, { outputGradient });
  step.dispose();
  return gradients;
}

/** Two more steps of padding; there, and beyond the end of each source, what no token and no number is. */
function withRubbish({ inputs, targets, weights, ...batch }: Batch): Batch {
  const time = batch.time + 2;
  const longer = <V extends Int32Array | Values>(values: V, lengths: Int32Array, rubbish: number): V => {
    const width = values.length / (batch.time * batch.size);
    const out = new (values.constructor as new (length: number) => V)(time * batch.size * width).fill(rubbish) as V;
    for (const [row, length] of lengths.entries())
      for (let step = 0; step < length; step++) {
        const at = (step * batch.size + row) * width;
        out.set(values.subarray(at, at + width) as V, at);
      }
    return out;
  };
  const { x, source } = inputs as { readonly x: Values; readonly source: Values };
  const rubbishOf = (values: Int32Array | Values) => (values instanceof Int32Array ? -7 : Number.NaN);
  return {
    ...batch,
    time,
    inputs: {
      x: longer(x, batch.lengths, rubbishOf(x)),
      source: longer(source, batch.sourceLengths as Int32Array, rubbishOf(source)),
    },
    targets: longer(targets as Int32Array, batch.lengths, -7),
    weights: longer(weights as Values, batch.lengths, Number.NaN),
  };
}

function pickRow({ size, time, inputs, lengths, sourceLengths, ...batch }: Batch, row: number): Batch {
  const steps = <V extends Int32Array | Values>(values: V): V => {
    const width = values.length / (time * size);
    const out = new (values.constructor as new (length: number) => V)(time * width);
    for (let step = 0; step < time; step++)
      out.set(values.subarray((step * size + row) * width, (step * size + row + 1) * width) as V, step * width);
    return out;
  };
  const one = (values: Int32Array) => values.slice(row, row + 1);
  return {
    size: 1,
    time,
    inputs: Object.fromEntries(Object.entries(inputs).map(([name, values]) => [name, steps(values)])),
    lengths: one(lengths),
    sourceLengths: one(sourceLengths as Int32Array),
    exampleIndex: one(batch.exampleIndex),
    start: one(batch.start),
  };
}

function pick(tensor: Tensor, row: number): Tensor {
  return { shape: [1, ...tensor.shape.slice(1)], data: rowOf(tensor, row) };
}

/** The last axis of a tensor at a place of the others; of `[batch, units]` a row. */
function rowOf({ shape, data }: Tensor, at: number): Values {
  const width = shape.at(-1) as number;
  return data.slice(at * width, (at + 1) * width);
}

function firstSteps({ data }: Tensor, { shape }: Tensor): Tensor {
  return {
    shape,
    data: data.slice(
      0,
      shape.reduce((product, size) => product * size, 1),
    ),
  };
}

function omit<R extends { readonly output: Tensor; readonly inputs: Tensors }>({ output: _, inputs: __, ...rest }: R) {
  return rest;
}
