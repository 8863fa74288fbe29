// What every vectorizer must do.
import { type Encoded, type Encoder, isUnrolledError, type Vectorizer } from '@unrolled/core';
import { type Check, check, expectRefusal, expectThat } from './check.ts';
import { type Options, pluginChecks, variantsOf } from './options.ts';
import { expectPlain, same, throughJson } from './plain.ts';

/** An example as a vectorizer reads it: tokens, or rows of numbers. */
export type VectorizerExample = readonly string[] | readonly (readonly number[])[];

/** What a caller may add to the checks of a vectorizer. */
export interface VectorizerSettings {
  /** Options to try besides the defaults, each flag turned over and each choice. */
  readonly options?: readonly Options[];
  /** Examples to fit on, in place of the kit's own. */
  readonly examples?: readonly VectorizerExample[];
  /** Steps that an example has before any is cut off; as many as it has tokens or rows, where left out. */
  readonly steps?: (example: VectorizerExample, options: any) => number;
}

const tokens: readonly VectorizerExample[] = [
  ['the', 'cat', 'sat', 'on', 'the', 'mat'],
  ['the', 'dog', 'sat'],
  ['constructor', '__proto__', 'toString', 'cat'],
  ['não', 'há', '👍🏽', 'cat'],
  ['mat'],
];
const numbers: readonly VectorizerExample[] = [[[0.5], [-1], [2]], [[0]], [[3], [0.25]]];

/** Checks that every vectorizer must pass. */
export function vectorizerConformance(plugin: Vectorizer, settings: VectorizerSettings = {}): readonly Check[] {
  const steps: Steps = settings.steps ?? ((example) => example.length);
  const examples = settings.examples ?? (plugin.reads === 'tokens' ? tokens : numbers);
  const variants = variantsOf(plugin, {}, settings.options ?? []);
  const fit = (options: unknown) => {
    const fitter = plugin.fit(options);
    for (const example of examples) fitter.add(example);
    return fitter;
  };
  const forEach = (run: (encoder: Encoder, options: any, title: string) => void | Promise<void>) => async () => {
    for (const { title, options } of variants) await run(fit(options).build(), options, title);
  };
  return [
    ...pluginChecks(plugin, 'vectorizer'),
    check('says what it reads and emits', () => {
      expectThat(['tokens', 'numbers'].includes(plugin.reads), `It reads "${plugin.reads}", not tokens or numbers.`);
      expectThat(['steps', 'bag'].includes(plugin.emits), `It emits "${plugin.emits}", not steps or a bag.`);
    }),
    check(
      'encodes what it was fitted on as its input says',
      forEach((encoder, options, title) => {
        expectPlain(`${title}: what enters the network`, encoder.input);
        expectPlain(`${title}: its report`, encoder.report());
        for (const example of examples)
          expectEncoded(plugin, encoder, example, steps(example, options), `${title}, ${JSON.stringify(example)}`);
      }),
    ),
    check(
      'counts unknown tokens instead of failing',
      forEach((encoder, _, title) => {
        const example = ['never seen', 'valueOf', '\u0000'];
        const encoded = encoder.encode(example);
        expectEncoded(plugin, encoder, example, example.length, `${title}, unknown tokens`);
        if (encoded.kind === 'ids')
          expectThat(
            encoded.unknown === example.length,
            `${title}: ${encoded.unknown} of 3 unknown tokens were counted.`,
          );
      }),
      plugin.reads === 'tokens' ? undefined : 'it reads numbers',
    ),
    check(
      'gives no steps for an example without any',
      forEach((encoder, _, title) => expectEncoded(plugin, encoder, [], 0, `${title}, no steps`)),
      plugin.emits === 'steps' ? undefined : 'it emits a bag',
    ),
    check(
      'encodes a sequence in two parts as it does the whole, or refuses parts',
      forEach((encoder, _, title) => {
        for (const example of examples)
          for (let cut = 1; cut < example.length; cut++) {
            const parts = inTwoParts(encoder, example, cut);
            const where = `${title}: ${JSON.stringify(example)} cut after ${cut} steps`;
            if (parts)
              expectThat(same(parts, numbersOf(encoder.encode(example))), `${where} is encoded in another way.`);
          }
      }),
      plugin.emits === 'steps' ? undefined : 'it emits a bag',
    ),
    check('gives an encoder that later examples do not change', () => {
      const fitter = fit(plugin.options.defaults);
      const encoder = fitter.build();
      const before = [throughJson(encoder.toJSON()), ...examples.map((example) => encoder.encode(example))];
      for (const example of examples) fitter.add(other(example));
      const after = [throughJson(encoder.toJSON()), ...examples.map((example) => encoder.encode(example))];
      expectThat(same(before, after), 'The encoder changed after it was built.');
    }),
    check(
      'comes back from JSON as it was',
      forEach((encoder, options, title) => {
        const data = encoder.toJSON();
        expectPlain(`${title}: toJSON()`, data);
        const restored = plugin.restore(options, throughJson(data));
        expectThat(same(restored.input, encoder.input), `${title}: the restored encoder feeds another input.`);
        expectThat(same(restored.toJSON(), data), `${title}: the restored encoder gives other JSON.`);
        for (const example of examples)
          expectThat(
            same(restored.encode(example), encoder.encode(example)),
            `${title}: the restored encoder encodes ${JSON.stringify(example)} in another way.`,
          );
      }),
    ),
    check('refuses to come back from mangled data', async () => {
      for (const data of [null, undefined, true, Number.NaN, 'text', { nonsense: 1 }, [{}]])
        await expectRefusal(JSON.stringify(data), () => plugin.restore(plugin.options.defaults, data), [
          'MODEL_CORRUPT',
        ]);
    }),
  ];
}

/** An example that was not there: every token with a new one twice, or other numbers. */
function other(example: VectorizerExample): VectorizerExample {
  const changed: (string | number[])[] = [];
  for (const part of example) {
    if (typeof part === 'string') changed.push(part, `new ${part}`, `new ${part}`);
    else changed.push(part.map((value) => 10 * value + 1));
  }
  return changed as VectorizerExample;
}

type Steps = NonNullable<VectorizerSettings['steps']>;

/** The numbers of the example's parts; undefined where it must come whole, as a picture must, and a part is `EXAMPLE_INVALID`. */
function inTwoParts(encoder: Encoder, example: VectorizerExample, cut: number): readonly number[] | undefined {
  try {
    const head = encoder.encode(example.slice(0, cut) as VectorizerExample);
    const tail = encoder.encode(example.slice(cut) as VectorizerExample, stepsOf(head));
    return [...numbersOf(head), ...numbersOf(tail)];
  } catch (error) {
    if (isUnrolledError(error, 'EXAMPLE_INVALID')) return undefined;
    throw error;
  }
}

function expectEncoded(
  plugin: Vectorizer,
  encoder: Encoder,
  example: VectorizerExample,
  steps: number,
  where: string,
): void {
  const encoded = encoder.encode(example);
  const { input } = encoder;
  expectThat(encoded.kind === input.kind, `${where}: it encodes ${encoded.kind}, but its input says ${input.kind}.`);
  if (encoded.kind === 'bag' && input.kind === 'bag') expectBag(encoded, input.size, where);
  if (encoded.kind === 'ids' && input.kind === 'ids') {
    const wrong = encoded.ids.find((id) => id < 0 || id >= input.vocabulary);
    expectThat(wrong === undefined, `${where}: id ${wrong} is not below the vocabulary of ${input.vocabulary}.`);
  }
  if (encoded.kind === 'vectors' && input.kind === 'vectors') {
    expectThat(encoded.size === input.size, `${where}: vectors of ${encoded.size}, but its input says ${input.size}.`);
    expectThat(encoded.values.every(Number.isFinite), `${where}: vectors must be finite.`);
  }
  const expected = plugin.emits === 'bag' ? 1 : steps - (encoded.kind === 'ids' ? encoded.truncated : 0);
  expectThat(stepsOf(encoded) === expected, `${where}: ${stepsOf(encoded)} steps, but ${expected} were expected.`);
  expectThat(same(encoded, encoder.encode(example)), `${where}: a second encoding differs.`);
}

function expectBag({ columns, values, occurrences, unknown }: EncodedBag, size: number, where: string): void {
  expectThat(columns.length === values.length, `${where}: ${columns.length} columns, but ${values.length} values.`);
  const wrong = columns.findIndex(
    (column, at) => column <= (at === 0 ? -1 : (columns[at - 1] as number)) || column >= size,
  );
  expectThat(wrong < 0, `${where}: columns must ascend below ${size}, but column ${columns[wrong]} does not.`);
  expectThat(values.every(Number.isFinite), `${where}: values must be finite.`);
  const counted = Number.isInteger(occurrences) && Number.isInteger(unknown) && 0 <= unknown && unknown <= occurrences;
  expectThat(counted, `${where}: ${unknown} unknown of ${occurrences} is no count.`);
  expectThat(occurrences - unknown >= columns.length, `${where}: more columns than occurrences.`);
}

type EncodedBag = Extract<Encoded, { readonly kind: 'bag' }>;

function numbersOf(encoded: Encoded): readonly number[] {
  return Array.from<number>(encoded.kind === 'ids' ? encoded.ids : encoded.values);
}

function stepsOf(encoded: Encoded): number {
  if (encoded.kind === 'bag') return 1;
  return encoded.kind === 'ids' ? encoded.ids.length : encoded.values.length / encoded.size;
}
