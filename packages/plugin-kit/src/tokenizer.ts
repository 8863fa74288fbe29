// What every tokenizer must do.
import type { Token, Tokenizer, TokenizerInstance } from '@unrolled/core';
import { type Check, check, expectThat } from './check.ts';
import { type Options, pluginChecks, variantsOf } from './options.ts';
import { same } from './plain.ts';

/** What a caller may add to the checks of a tokenizer. */
export interface TokenizerSettings {
  /** Options to try besides the defaults, each flag turned over and each choice. */
  readonly options?: readonly Options[];
  /** Texts to try besides those that the kit knows. */
  readonly texts?: readonly string[];
}

const plain = 'the cat sat on the mat';

/** Texts that tokenizers stumble over. */
const texts: readonly string[] = [
  '',
  ' ',
  '\n\t\u00a0\u3000',
  plain,
  'The cat sat on the mat. The cat sat.',
  "Well-known, isn't it? «Não há coração à-toa»",
  'São Paulo'.normalize('NFD'),
  'İstanbul ΣΑΣ straße ﬁne',
  '日本語 テスト 한국어',
  'مرحبا بالعالم',
  '👩‍👩‍👧‍👦 🇵🇹🇧🇷 👍🏽 e\u0301\u0302',
  '\ud800 lone \udc00',
  'nul \u0000 bell \u0007 bom \ufeff',
  'line\r\nline\u2028line',
  '-- - \' " … !!! ... 1,000.50 10h',
  'constructor __proto__ toString hasOwnProperty',
  'x'.repeat(20_000),
  'ab '.repeat(5_000),
];

/** Checks that every tokenizer must pass. */
export function tokenizerConformance(plugin: Tokenizer, settings: TokenizerSettings = {}): readonly Check[] {
  const all = [...texts, ...(settings.texts ?? [])];
  const variants = variantsOf(plugin, {}, settings.options ?? []);
  const forEach = (run: (tokenizer: TokenizerInstance, title: string) => void) => () => {
    for (const { title, options } of variants) run(plugin.create(options), title);
  };
  return [
    ...pluginChecks(plugin, 'tokenizer'),
    check(
      'gives tokens that are not empty, with spans inside the text, for any text',
      forEach((tokenizer, title) => {
        for (const text of all)
          for (const token of tokenizer.tokenize(text)) expectSpan(token, text, `${title}, ${shown(text)}`);
      }),
    ),
    check(
      'gives the same tokens twice, whatever was read between',
      forEach((tokenizer, title) => {
        const once = all.map((text) => tokenizer.tokenize(text));
        const again = [...all].reverse().map((text) => tokenizer.tokenize(text));
        expectThat(same(once, again.reverse()), `${title}: a second reading gave other tokens.`);
      }),
    ),
    check(
      'gives no tokens for an empty text',
      forEach((tokenizer, title) => {
        expectThat(tokenizer.tokenize('').length === 0, `${title}: the empty text must have no tokens.`);
      }),
    ),
    check(
      'reads a text cut before white space as it reads the whole, where it says so',
      forEach((tokenizer, title) => {
        if (!tokenizer.piecewise) return;
        for (const text of all)
          for (const cut of cutsOf(text)) {
            const [head, tail] = [tokenizer.tokenize(text.slice(0, cut)), tokenizer.tokenize(text.slice(cut))];
            const moved = tail.map((token) => ({ ...token, start: token.start + cut, end: token.end + cut }));
            const whole = tokenizer.tokenize(text);
            expectThat(
              same([...head, ...moved], whole),
              `${title}: ${shown(text)} has other tokens where it is cut at ${cut}.`,
            );
          }
      }),
      variants.some(({ options }) => plugin.create(options).piecewise) ? undefined : 'it does not say so',
    ),
    check(
      'finds the same tokens again in the text that it joins them to',
      forEach((tokenizer, title) => {
        if (!tokenizer.detokenize) return;
        const tokens = tokenizer.tokenize(plain).map(({ text }) => text);
        const joined = tokenizer.detokenize(tokens);
        const again = tokenizer.tokenize(joined).map(({ text }) => text);
        expectThat(same(tokens, again), `${title}: ${shown(joined)} gave ${again.join('|')}, not ${tokens.join('|')}.`);
      }),
      plugin.create(plugin.options.defaults).detokenize ? undefined : 'it does not join tokens to text',
    ),
  ];
}

const MOST_CUTS = 20;

/** Places before white space that follows something else. */
function cutsOf(text: string): readonly number[] {
  const places = text.matchAll(/(?<=\S)\s/gu);
  return [...places].slice(0, MOST_CUTS).map(({ index }) => index);
}

function expectSpan({ text: word, start, end }: Token, text: string, where: string): void {
  const span = `${where}: token ${shown(word)} at ${start}–${end}`;
  expectThat(word.length > 0, `${span} must not be empty.`);
  expectThat(Number.isInteger(start) && Number.isInteger(end), `${span} must have whole numbers for a span.`);
  expectThat(start >= 0 && start < end && end <= text.length, `${span} must lie inside the text of ${text.length}.`);
  expectThat(!cutsPair(text, start) && !cutsPair(text, end), `${span} cuts a surrogate pair.`);
}

function cutsPair(text: string, index: number): boolean {
  return index > 0 && (text.codePointAt(index - 1) as number) > 0xffff;
}

function shown(text: string): string {
  return JSON.stringify(text.length > 40 ? `${text.slice(0, 37)}...` : text);
}
