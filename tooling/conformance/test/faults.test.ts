// The checks of the plugin-kit find faults: each plug-in here is right but for one thing, and the check for it fails.
import { reference } from '@unrolled/backend-reference';
import {
  type Attention,
  type Backend,
  type Cell,
  type Compile,
  type Dataset,
  defineBackend,
  defineOptions,
  type Encoded,
  type Encoder,
  type EquationModule,
  type Example,
  type Executable,
  flag,
  isUnrolledError,
  type Loss,
  type Optimizer,
  type Plugin,
  stepByForward,
  type Task,
  type Tensors,
  type Token,
  type Tokenizer,
  type TokenizerInstance,
  type Trainer,
  UnrolledError,
  type Vectorizer,
} from '@unrolled/core';
import {
  attentionConformance,
  backendConformance,
  type Check,
  cellConformance,
  conform,
  datasetConformance,
  lossConformance,
  optimizerConformance,
  taskConformance,
  tokenizerConformance,
  trainerConformance,
  vectorizerConformance,
} from '@unrolled/plugin-kit';
import { describe, expect, it } from 'vitest';
import * as samples from '../../../packages/core/test/registry/samples.ts';

/** Names of the checks that fail, each with an error of the kit or of the code under test. */
async function failing(checks: readonly Check[]): Promise<readonly string[]> {
  const failed: string[] = [];
  for (const { name, run, skip } of checks) {
    if (skip !== undefined) continue;
    try {
      await run();
    } catch (error) {
      if (!isUnrolledError(error)) throw error;
      failed.push(name);
    }
  }
  return failed;
}

/** A plug-in that is right but for what `change` replaces. */
type Fault<P extends Plugin> = readonly [check: string, change: Partial<P>];

/** Declares a test for each fault: its check fails. */
function faults<P extends Plugin>(
  plugin: P,
  checksOf: (plugin: P) => readonly Check[],
  list: readonly Fault<P>[],
): void {
  it('finds nothing where nothing is wrong', async () => {
    expect(await failing(checksOf(plugin))).toEqual([]);
  });
  it.each(list)('finds what breaks "%s"', async (name, change) => {
    const checks = checksOf({ ...plugin, ...change }).filter((check) => check.name === name);
    expect(await failing(checks)).toEqual([name]);
  });
}

const numeric = { backend: reference };

describe('any plug-in', () => {
  const undescribed = defineOptions({ lowercase: flag(false, '') });
  const lenient = {
    ...samples.words.options,
    '~standard': { ...samples.words.options['~standard'], validate: lenientlyValid },
  };
  function lenientlyValid(value: unknown) {
    return { value: { lowercase: false, ...(value as object) } };
  }
  faults<Tokenizer>(samples.words, tokenizerConformance, [
    ['is a tokenizer of contract 1', { name: 'Words' }],
    ['is a tokenizer of contract 1', { contract: 2 as 1 }],
    ['is a tokenizer of contract 1', { package: 'a package' }],
    ['describes its options, with defaults that it takes itself', { options: undescribed }],
    ['refuses unknown options, wrong types and values out of bounds', { options: lenient }],
    [
      'fills in options that are left out',
      { options: { ...lenient, '~standard': { ...lenient['~standard'], validate: (value) => ({ value }) } } },
    ],
  ]);
});

describe('a tokenizer', () => {
  const cutting = (cut: (token: Token, text: string) => Token): Partial<Tokenizer> => ({
    create: (options) => ({
      tokenize: (text) =>
        samples.words
          .create(options)
          .tokenize(text)
          .map((token) => cut(token, text)),
    }),
  });
  const pairWithNext = (token: Token, text: string): Token => ({
    ...token,
    text: text.slice(token.start, token.end + 4),
  });
  let calls = 0;
  const spans = 'gives tokens that are not empty, with spans inside the text, for any text';
  faults<Tokenizer>(samples.words, tokenizerConformance, [
    [spans, cutting((token) => ({ ...token, text: '' }))],
    [spans, cutting((token) => ({ ...token, end: token.end + 100 }))],
    [spans, cutting((token) => ({ ...token, end: token.start }))],
    [
      spans,
      {
        create: () => ({
          tokenize: (text) => [...Array(text.length).keys()].map((start) => ({ text: 'x', start, end: start + 1 })),
        }),
      },
    ],
    [
      'gives the same tokens twice, whatever was read between',
      { create: () => ({ tokenize: (text) => (text ? [{ text: String(calls++), start: 0, end: text.length }] : []) }) },
    ],
    [
      'gives no tokens for an empty text',
      { create: () => ({ tokenize: (text) => [{ text: 'start', start: 0, end: text.length }] }) },
    ],
    [
      'reads a text cut before white space as it reads the whole, where it says so',
      { create: (options) => ({ ...cutting(pairWithNext).create?.(options), piecewise: true }) as TokenizerInstance },
    ],
    [
      'finds the same tokens again in the text that it joins them to',
      { create: (options) => ({ ...samples.words.create(options), detokenize: (tokens) => tokens.join('') }) },
    ],
  ]);
});

describe('a vectorizer', () => {
  const { oneHot } = samples;
  const strict: Partial<Vectorizer> = {
    restore: (options, data) => {
      if (Array.isArray(data) && data.every((word) => typeof word === 'string')) return oneHot.restore(options, data);
      throw new UnrolledError('MODEL_CORRUPT', 'No words.');
    },
  };
  const right: Vectorizer = { ...oneHot, ...strict };
  const encoding = (change: (encoder: Encoder) => Partial<Encoder>): Partial<Vectorizer> => ({
    fit: (options) => {
      const fitter = oneHot.fit(options);
      const build = () => {
        const encoder = fitter.build();
        return { ...encoder, ...change(encoder) };
      };
      return { ...fitter, build };
    },
  });
  const encodes = 'encodes what it was fitted on as its input says';
  faults<Vectorizer>(right, vectorizerConformance, [
    ['says what it reads and emits', { emits: 'sets' as 'bag' }],
    [encodes, encoding(() => ({ input: { kind: 'ids', vocabulary: 2 } }))],
    [encodes, encoding(() => ({ input: { kind: 'vectors', size: 3 } }))],
    [encodes, encoding(({ encode }) => ({ encode: (example) => encode(example.slice(1) as string[]) }))],
    [
      'counts unknown tokens instead of failing',
      encoding(({ encode }) => ({ encode: (example) => ({ ...encode(example), unknown: 0 }) as never })),
    ],
    [
      'gives no steps for an example without any',
      encoding(({ encode }) => ({ encode: (example) => encode(example.length > 0 ? example : ['the']) })),
    ],
    [
      'encodes a sequence in two parts as it does the whole, or refuses parts',
      encoding(({ encode }) => ({ encode: (example) => encode(example.slice(0, 3) as string[]) })),
    ],
    [
      'gives an encoder that later examples do not change',
      {
        fit: (options) => {
          const fitter = oneHot.fit(options);
          return {
            ...fitter,
            build: () => ({
              ...fitter.build(),
              encode: (example) => fitter.build().encode(example),
              toJSON: () => fitter.build().toJSON(),
            }),
          };
        },
      },
    ],
    ['comes back from JSON as it was', encoding(() => ({ toJSON: () => ['the', 'cat'] }))],
    ['comes back from JSON as it was', encoding(() => ({ toJSON: () => new Map() }))],
    [
      'refuses to come back from mangled data',
      { restore: (options, data) => oneHot.restore(options, Object(data).length ? data : []) },
    ],
  ]);
});

describe('a vectorizer that emits bags', () => {
  const oneHot: Vectorizer = samples.oneHot;
  type Bag = Extract<Encoded, { readonly kind: 'bag' }>;
  /** The numbers of words as columns, each with a 1. */
  const bagged = (encoder: Encoder, change: (bag: Bag) => Bag): Encoder => ({
    ...encoder,
    input: { kind: 'bag', size: (encoder.toJSON() as readonly string[]).length + 1 },
    encode: (example) => {
      const { ids, unknown } = encoder.encode(example) as Extract<Encoded, { readonly kind: 'ids' }>;
      const columns = Int32Array.from(new Set(ids.filter((id) => id > 0))).sort();
      const values = new Float64Array(columns.length).fill(1);
      return change({ kind: 'bag', columns, values, occurrences: ids.length, unknown });
    },
  });
  const bags = (change: (bag: Bag) => Bag): Pick<Vectorizer, 'fit' | 'restore'> => ({
    fit: (options) => {
      const fitter = oneHot.fit(options);
      return { ...fitter, build: () => bagged(fitter.build(), change) };
    },
    restore: (options, data) => {
      if (Array.isArray(data) && data.every((word) => typeof word === 'string'))
        return bagged(oneHot.restore(options, data), change);
      throw new UnrolledError('MODEL_CORRUPT', 'No words.');
    },
  });
  const right: Vectorizer = { ...oneHot, emits: 'bag', ...bags((bag) => bag) };
  const encodes = 'encodes what it was fitted on as its input says';
  faults<Vectorizer>(right, vectorizerConformance, [
    [encodes, bags((bag) => ({ ...bag, columns: bag.columns.slice().reverse() }))],
    [encodes, bags((bag) => ({ ...bag, columns: bag.columns.map((column) => column + 1) }))],
    [encodes, bags((bag) => ({ ...bag, values: bag.values.slice(1) }))],
    [encodes, bags((bag) => ({ ...bag, values: bag.values.map(() => Number.NaN) }))],
    [encodes, bags((bag) => ({ ...bag, unknown: bag.occurrences + 1 }))],
    [encodes, bags((bag) => ({ ...bag, occurrences: bag.unknown }))],
  ]);
});

describe('a data set', () => {
  const right: Dataset = {
    kind: 'dataset',
    contract: 1,
    name: 'two',
    package: '@sample/two',
    options: defineOptions({}),
    licence: 'CC0',
    examples: async function* () {
      yield { text: 'good', label: 'yes' };
      yield { values: [[1]], label: 'no' };
      yield {
        text: 'guarda-chuva!',
        tokens: ['guarda', 'chuva', '!'],
        labels: ['noun', 'noun', 'mark'],
        target: 'umbrella!',
      };
      yield { values: [[0, 1]], image: { width: 2, height: 1, channels: 1 }, labels: ['row'] };
    },
  };
  let reading = 0;
  const text = 'gives examples with a text or with numbers at each step';
  const rest = 'gives a label for each step, tokens of the text, rows of a picture, targets and numbers as it says';
  const giving = (examples: Dataset['examples']) => ({ examples });
  const one = (example: Example): [string, Partial<Dataset>] => [
    rest,
    giving(async function* () {
      yield example;
    }),
  ];
  const image = { width: 2, height: 1, channels: 1 };
  faults<Dataset>(right, datasetConformance, [
    ['names its licence', { licence: ' ' }],
    [text, giving(async function* () {})],
    [
      text,
      giving(async function* () {
        yield { label: 'yes' };
      }),
    ],
    [
      text,
      giving(async function* () {
        yield { text: ' ' };
      }),
    ],
    one({ text: 'the cat', tokens: ['the', 'cat'], labels: ['article'] }),
    one({ values: [[1], [2]], labels: ['a', 'b', 'c'] }),
    one({ text: 'the cat', tokens: ['cat', 'the'] }),
    one({ text: 'the cat', tokens: ['the', '', 'cat'] }),
    one({ values: [[1]], tokens: ['1'] }),
    one({ text: 'the cat', target: ' ' }),
    one({ text: 'the cat', number: Number.NaN }),
    one({ text: 'a picture', image }),
    one({ values: [[0], [1]], image }),
    one({ values: [[0, 1, 1]], image }),
    one({ values: [[0, 255]], image }),
    [
      'gives the same examples each time it is read',
      giving(async function* () {
        yield { text: String(reading++) };
      }),
    ],
  ]);
});

describe('a cell', () => {
  const { vanilla } = samples;
  const writing = (equations: string): Partial<Cell> => ({
    module: (options) => ({ ...vanilla.module(options), equations }),
  });
  faults<Cell>(vanilla, (cell) => cellConformance(cell, numeric), [
    ['gives its equations as plain data', { module: (options) => ({ ...vanilla.module(options), name: 'other' }) }],
    [
      'gives its equations as plain data',
      { module: (options) => ({ ...vanilla.module(options), shapes: { zh: undefined as never } }) },
    ],
    ['names its source and what it accepts', { source: '' }],
    ['has an option "units" that sizes its output', { module: (options) => vanilla.module({ ...options, units: 4 }) }],
    ['runs forward to finite outputs and states', writing('h[t] = log(tanh(Wxh @ x[t] + Whh @ h[t-1] + bh))')],
    ['runs forward to finite outputs and states', writing('h[t] = tanh(Wxh @ x[t] + Whh @ h[t-1] + bx)')],
    [
      'carries all that it remembers in its states',
      writing('h[t] = tanh(Wxh @ x[t] + Whh @ h[t-1] + bh) + 0.1 * mean_s(x[s] · x[s])'),
    ],
  ]);
});

describe('a task', () => {
  const { manyToOne } = samples;
  const right: Task = {
    ...manyToOne,
    module: (options, size) => ({
      ...manyToOne.module(options, size),
      equations: 'y = Why @ last_s(h[s]) + by',
      parameters: { Why: { shape: ['outputs', 'hidden'], init: { init: 'zeros' } }, by: { init: { init: 'zeros' } } },
    }),
  };
  const writing = (equations: string): Partial<Task> => ({
    module: (options, size) => ({ ...right.module(options, size), equations }),
  });
  faults<Task>(right, (task) => taskConformance(task, numeric), [
    ['answers once for a sequence', { module: (options) => right.module(options, 2) }],
    ['answers once for a sequence', writing('y[t] = Why @ h[t] + by')],
    ['streams or not, as it says', { streams: false }],
    ['runs forward to finite outputs and states', writing('y = Why @ mean_s(log(h[s] - 1)) + by')],
  ]);
});

describe('a task over bags', () => {
  const module: Task['module'] = (options, size) => ({
    ...samples.manyToOne.module(options, size),
    equations: 'z[s] = value[s] * (Why @ h[s])\ny = sum_s(z[s]) + by',
    parameters: { Why: { shape: ['outputs', 'hidden'], init: { init: 'zeros' } }, by: { init: { init: 'zeros' } } },
  });
  const right: Task = { ...samples.manyToOne, accepts: 'bag', streams: false, module };
  const writing = (equations: string): Partial<Task> => ({
    module: (options, size) => ({ ...module(options, size), equations }),
  });
  faults<Task>(right, (task) => taskConformance(task, numeric), [
    ['streams or not, as it says', { streams: true }],
    ['runs forward to finite outputs and states', writing('z[s] = log(value[s]) * (Why @ h[s])\ny = sum_s(z[s]) + by')],
  ]);
});

describe('a task that learns a sequence', () => {
  const begin: Task['begin'] = (_, cell) => ({
    ...cell,
    name: 'begin',
    equations: 'h = tanh(Wb @ last_s(m[s]))',
    parameters: { Wb: { init: { init: 'zeros' } } },
    shapes: { h: ['units'] },
    output: 'h',
  });
  const module: Task['module'] = (options, size) => ({
    ...samples.manyToOne.module(options, size),
    equations: 'y[t] = Why @ h[t] + by',
    parameters: { Why: { shape: ['outputs', 'hidden'], init: { init: 'zeros' } }, by: { init: { init: 'zeros' } } },
  });
  const right: Task = { ...samples.manyToOne, answers: 'each-step', learns: 'sequence', streams: false, begin, module };
  const beginning = (equations: string): Partial<Task> => ({
    begin: (options, cell) => ({ ...(begin(options, cell) as EquationModule), equations }),
  });
  faults<Task>(right, (task) => taskConformance(task, numeric), [
    ['streams or not, as it says', { streams: true }],
    ['runs forward to finite outputs and states', beginning('h = log(tanh(Wb @ last_s(m[s])) - 1)')],
    ['has the gradients that finite differences give', beginning('h = stopGradient(tanh(Wb @ last_s(m[s])))')],
  ]);
});

describe('an attention', () => {
  const module: Attention['module'] = () => ({
    name: 'dot',
    equations: `
      e[t,s] = (Wa @ h[t]) · m[s]
      a[t,s] = softmax_s(e[t,s])
      o[t] = [sum_s(a[t,s] * m[s]); h[t]]
    `,
    parameters: { Wa: { shape: ['memory', 'hidden'], init: { init: 'zeros' } } },
    sizes: {},
    constants: {},
    shapes: {},
    initial: {},
    output: 'o',
  });
  const right: Attention = {
    kind: 'attention',
    contract: 1,
    name: 'dot',
    package: '@sample/plug-ins',
    options: defineOptions({}),
    source: 'Luong, Pham and Manning 2015, equation 7',
    module,
  };
  const writing = (equations: string): Partial<Attention> => ({
    module: (options) => ({ ...module(options), equations }),
  });
  faults<Attention>(right, (attention) => attentionConformance(attention, numeric), [
    ['names its source', { source: ' ' }],
    ['gives its equations as plain data', { module: (options) => ({ ...module(options), name: 'other' }) }],
    ['gives a vector at each step', writing('o[t] = (Wa @ h[t]) · last_s(m[s])')],
    [
      'names its weights a[t,s], which add up to 1 over the true steps of the source',
      writing('a[t,s] = sigmoid((Wa @ h[t]) · m[s])\no[t] = [sum_s(a[t,s] * m[s]); h[t]]'),
    ],
    [
      'looks at the memory and at the hidden state',
      writing('a[t,s] = softmax_s(h[t] · h[t] + 0 * sum(m[s]))\no[t] = Wa @ h[t]'),
    ],
    ['looks at the memory and at the hidden state', writing('o[t] = Wa @ mean_s(m[s]) + 0 * h[t]')],
    ['runs forward to finite outputs and states', writing('o[t] = log(tanh((Wa @ h[t]) ⊙ last_s(m[s])) - 1)')],
    ['has the gradients that finite differences give', writing('o[t] = stopGradient(Wa @ h[t]) + mean_s(m[s])')],
  ]);
});

describe('a loss', () => {
  const { crossEntropy } = samples;
  const writing = (equations: string): Partial<Loss> => ({
    module: (options) => ({ ...crossEntropy.module(options), equations }),
  });
  faults<Loss>(crossEntropy, (loss) => lossConformance(loss, numeric), [
    ['says what it compares with and how logits are read', { link: 'sigmoid' }],
    ['falls along its gradient', writing('loss = stopGradient(logSumExp(y) - y · target)')],
    ['has the gradients that finite differences give', writing('loss = logSumExp(y) - stopGradient(y) · target')],
    ['stays finite for large outputs', writing('loss = log(sum(exp(y))) - y · target')],
    ['runs forward to finite outputs and states', writing('loss = log(0 * y · target)')],
  ]);
});

describe('an optimizer', () => {
  const { sgd } = samples;
  const writing = (equations: string): Partial<Optimizer> => ({
    module: (options) => ({ ...sgd.module(options), equations }),
  });
  faults<Optimizer>(sgd, (optimizer) => optimizerConformance(optimizer, numeric), [
    ['has a learning rate for every update', { learningRate: (_, update) => 1 / (update - 9) }],
    ['has a learning rate for every update', { learningRate: (_, update, updates) => 0.01 * (1 - update / updates) }],
    ['makes the loss fall', writing('w[t] = w[t-1] + rate * g[t]')],
    ['changes no weight at a learning rate of 0', writing('w[t] = 0.99 * w[t-1] - rate * g[t]')],
    ['stays finite where there is no gradient', writing('w[t] = w[t-1] - rate * g[t] / abs(g[t])')],
  ]);
  it('finds an optimizer that remembers outside of its states', async () => {
    let seen = 0;
    const rates = { learningRate: () => 0.01 / (1 + seen++) };
    const failed = await failing(optimizerConformance({ ...sgd, ...rates }, numeric));
    expect(failed).toEqual(['goes on from what was read as if it had not been interrupted']);
  });
});

describe('a trainer', () => {
  const { bptt, truncatedBptt } = samples;
  const right: Trainer = {
    ...bptt,
    train: async function* (options, executable, batch, context) {
      if (batch.weights?.some((weight) => weight !== 0)) return yield* bptt.train(options, executable, batch, context);
      const state = context.state ?? executable.initialState(batch.size);
      const { output, state: final } = await executable.forward(batch, state, { mode: 'infer' });
      yield { loss: 0, gradientNorm: undefined, updated: false, cursor: undefined, output, state: final };
    },
  };
  const changing = (change: (executable: Executable) => Partial<Executable>): Partial<Trainer> => ({
    train: (options, executable, batch, context) =>
      right.train(options, { ...executable, ...change(executable) }, batch, context),
  });
  const trains = 'trains on a batch and ends with its output and state';
  faults<Trainer>(right, (trainer) => trainerConformance(trainer, numeric), [
    ['says what it sees and takes its own options', { sees: 'all' as 'sequence' }],
    [
      'says what it sees and takes its own options',
      {
        check: () => {
          throw new UnrolledError('NO', 'No.');
        },
      },
    ],
    [trains, { train: async function* () {} }],
    [
      trains,
      changing(({ trainStep }) => ({
        trainStep: (batch, state, given) => trainStep(batch, state, { ...given, accumulate: true }),
      })),
    ],
    [
      trains,
      changing(({ trainStep }) => ({
        trainStep: (batch, state, given) => trainStep(batch, state, { ...given, learningRate: 0 }),
      })),
    ],
    ['makes no update where the batch has no loss', { train: bptt.train }],
    // It reports no cursor between its windows, so nothing can go on from there.
    [trains, { train: truncatedBptt.train, options: truncatedBptt.options }],
  ]);
});

describe('a backend', () => {
  /** The reference with parts of its executables replaced. */
  const changing = (change: (executable: Executable) => Partial<Executable>): Partial<Backend> => ({
    compile: () => async (network, settings) => {
      const executable = await referenceCompile(network, settings);
      return { ...executable, ...change(executable) };
    },
  });
  const referenceCompile: Compile = reference.compile({});
  const scaled = (tensors: Tensors, by: number): Tensors =>
    Object.fromEntries(
      Object.entries(tensors).map(([name, { shape, data }]) => [name, { shape, data: data.map((x) => x * by) }]),
    );
  faults<Backend>(reference, (backend) => backendConformance(backend), [
    ['computes in each precision that it names, and refuses the others', { precisions: ['float32', 'float64'] }],
    [
      'computes in each precision that it names, and refuses the others',
      { compile: () => (network) => referenceCompile(network, {}) },
    ],
    [
      'names parameters and states by their place, in order, with shapes that follow from use',
      changing(({ parameters }) => ({ parameters: [...parameters].reverse() })),
    ],
    ['says whether a network streams, and which layer does not', changing(() => ({ streams: true }))],
    [
      'does not look at padding',
      changing(({ forward }) => ({
        forward: (batch, state, options) =>
          forward({ ...batch, lengths: batch.lengths.map(() => batch.time) }, state, options),
      })),
    ],
    [
      'does not look at other sequences of the batch',
      changing(({ forward }) => ({
        forward: async (batch, state, options) => {
          const result = await forward(batch, state, options);
          return { ...result, output: scaled({ output: result.output }, batch.size).output as typeof result.output };
        },
      })),
    ],
    [
      'passes the state of an empty sequence through',
      changing(({ forward, initialState }) => ({
        forward: (batch, _, options) => forward(batch, initialState(batch.size), options),
      })),
    ],
    [
      'has the gradients that finite differences give',
      changing(({ gradients }) => ({
        gradients: async (...given) => {
          const result = await gradients(...given);
          return { ...result, parameters: scaled(result.parameters, 1.001) };
        },
      })),
    ],
    [
      'gives step by step what the whole sequences so far give',
      changing(({ step }) => ({ step: ({ steps, values }, x) => step({ steps: steps.map(() => 0), values }, x) })),
    ],
    [
      'gives step by step what the whole sequences so far give',
      changing(({ step, initialState }) => ({
        step: ({ steps }, x) => step({ steps, values: initialState(steps.length) }, x),
      })),
    ],
    [
      'steps streams of different ages together, one of which begins anew',
      changing(({ step }) => ({
        step: ({ steps, values }, x) => step({ steps: steps.map(() => steps[0] as number), values }, x),
      })),
    ],
    [
      "leaves what it is given as it was, and gives what is the caller's own",
      changing(({ step }) => ({
        step: async (state, x) => {
          const [next, output] = await step(state, x);
          for (const [name, { data }] of Object.entries(next.values)) state.values[name]?.data.set(data);
          return [{ ...next, values: state.values }, output];
        },
      })),
    ],
    [
      'lets a NaN in one stream be seen in that stream alone',
      changing(({ step }) => ({
        step: async (state, x) => {
          const [next, { shape, data }] = await step(state, x);
          return [next, { shape, data: data.map((value) => (Number.isNaN(value) ? 0 : value)) }];
        },
      })),
    ],
    [
      'refuses to step with a state or an input that does not fit',
      changing(({ step, states }) => ({
        step: ({ steps, values }, x) => {
          const absent = states.filter(({ name }) => !values[name]);
          const zeros = absent.map(({ name, shape }) => {
            const whole = [steps.length, ...shape];
            return [name, { shape: whole, data: new Float64Array(whole.reduce((a, b) => a * b, 1)) }];
          });
          return step({ steps, values: { ...values, ...Object.fromEntries(zeros) } }, x);
        },
      })),
    ],
    [
      'refuses to step where the network does not stream, with the sentence that names the layer',
      changing((executable) => ({ step: stepByForward({ ...executable, streams: true }) })),
    ],
    [
      'propagates a gradient given for the output and for the final state',
      changing(({ gradients }) => ({
        gradients: (batch, state, { outputGradient: _, ...options }) => gradients(batch, state, options),
      })),
    ],
    [
      'adds gradients up until a step without "accumulate" applies their sum',
      changing(({ trainStep }) => ({
        trainStep: (batch, state, { accumulate: _, ...options }) => trainStep(batch, state, options),
      })),
    ],
    [
      'clips by value, then by norm, and reports the norm before',
      {
        compile:
          () =>
          ({ clip: _, ...network }, settings) =>
            referenceCompile(network, settings),
      },
    ],
    [
      'draws masks by example, step and update, not by their place in the batch',
      changing(({ forward }) => ({
        forward: (batch, state, options) =>
          forward({ ...batch, exampleIndex: batch.exampleIndex.map((_, row) => row) }, state, options),
      })),
    ],
    [
      'draws masks by example, step and update, not by their place in the batch',
      changing(({ forward }) => ({
        forward: (batch, state, { statesAt: _ }) => forward(batch, state, { mode: 'infer' }),
      })),
    ],
    [
      'gives the states after some steps, and carries them on',
      changing(({ forward }) => ({
        forward: async (batch, state, options) => {
          const result = await forward(batch, state, options);
          return options.statesAt ? { ...result, intermediate: options.statesAt.map(() => result.state) } : result;
        },
      })),
    ],
    ['traces named values at each step, 0 in the padding', changing(() => ({ trace: async () => ({}) }))],
    [
      'reads copies, and writes all that is given or nothing',
      changing(({ write }) => ({
        write: async (snapshot) => {
          for (const [name, tensor] of Object.entries(snapshot.parameters ?? {}))
            await write({ parameters: { [name]: tensor } });
          await write({ ...snapshot, parameters: {} });
        },
      })),
    ],
    [
      'takes a batch without sequences, and one without steps',
      changing(({ gradients }) => ({
        gradients: async (batch, state, options) => {
          const result = await gradients(batch, state, options);
          return { ...result, loss: result.loss / batch.lengths.reduce((sum, length) => sum + length, 0) };
        },
      })),
    ],
    [
      'refuses a batch that does not fit the network',
      changing(({ forward }) => ({
        forward: (batch, state, options) =>
          forward({ ...batch, lengths: batch.lengths.map((length) => Math.min(length, batch.time)) }, state, options),
      })),
    ],
    [
      'refuses a call that lacks something, or is given what does not fit',
      changing(({ gradients }) => ({
        gradients: (batch, state, { finalStateGradient: _, ...options }) => gradients(batch, state, options),
      })),
    ],
    ['refuses every call once it is disposed', changing(() => ({ dispose: () => {} }))],
    [
      'trains to the same bits from the same start',
      changing(({ trainStep }) => ({
        trainStep: (batch, state, options) =>
          trainStep(batch, state, { ...options, learningRate: 0.1 + 1e-9 * drift++ }),
      })),
    ],
  ]);
  let drift = 0;

  it('finds a network that is computed in another way than by the reference', async () => {
    const wrong = defineBackend({
      ...reference,
      compile: () => (network, settings) =>
        referenceCompile(JSON.parse(JSON.stringify(network).replaceAll('relu', 'abs')), settings),
    });
    expect(await failing(backendConformance(wrong, { reference }))).toContain('computes relu as the reference does');
  });
});

describe('conform', () => {
  it('declares checks, and skips those that have a reason to be skipped', () => {
    const declared: string[] = [];
    const runner = Object.assign((name: string) => declared.push(name), {
      skip: (name: string) => declared.push(`- ${name}`),
    });
    const run = async () => {};
    conform(runner, [
      { name: 'adds up', run },
      { name: 'is fast', run, skip: 'no clock' },
    ]);
    expect(declared).toEqual(['adds up', '- is fast (skipped: no clock)']);
  });

  it('gives a reason for what can not be checked', () => {
    const rough = { ...reference, precisions: ['float32'], deterministic: false } as unknown as Backend;
    const skipped = optimizerConformance(samples.sgd, { backend: rough }).flatMap(({ skip }) => skip ?? []);
    expect(skipped).toEqual(['backend "reference" is not deterministic']);
    const reasons = cellConformance(samples.vanilla, { backend: rough }).flatMap(({ skip }) => skip ?? []);
    expect(reasons).toEqual(['backend "reference" has no float64']);
  });
});
