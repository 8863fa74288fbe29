// A tokenizer.json at work: text through added tokens, normaliser, pre-tokenizer and model to tokens, and back.
import { type Token, type TokenizerInstance, UnrolledError } from '@unrolled/core';
import { readBpe } from './model/bpe-parts.ts';
import { byteLevelBpe } from './model/byte-level-bpe.ts';
import { characterBpe } from './model/character-bpe.ts';
import type { SubwordModel, WordTokens } from './model/model.ts';
import { unigram } from './model/unigram.ts';
import { remembering } from './model/word-cache.ts';
import { wordPiece } from './model/word-piece.ts';
import { checkShape, modelType } from './read-tokenizer.ts';
import { readTokens, type Tokens } from './read-vocabulary.ts';
import { findAdded } from './text/added-tokens.ts';
import { Aligned } from './text/aligned.ts';
import { betweenPairs } from './text/between-pairs.ts';
import { readDecoder } from './text/decode.ts';
import { readNormalizer } from './text/normalize.ts';
import { type Cutting, type PreTokenizer, readPreTokenizer } from './text/pre-tokenize.ts';
import type { StepJson, TokenizerJson } from './tokenizer-json.ts';

/** A subword with its number. */
export interface SubwordToken extends Token {
  /** Its number in the tokenizer's vocabulary. */
  readonly id: number;
}

/** A tokenizer of subwords: besides tokens it gives their numbers, and text for numbers. */
export interface SubwordsTokenizer extends TokenizerInstance {
  /** Splits a text; spans are in UTF-16 units of the text as given and cover whole characters. Never throws for any string. */
  readonly tokenize: (text: string) => readonly SubwordToken[];
  /** The numbers of a text's tokens, without the work that spans take: `[tokens]`. Never throws for any string. */
  readonly encode: (text: string) => Int32Array;
  /** The text of tokens by their numbers. @throws UnrolledError `TOKEN_UNKNOWN` for a number that the vocabulary lacks */
  readonly decode: (ids: Iterable<number>) => string;
  /** Joins tokens, as the vocabulary writes them, back to text. */
  readonly detokenize: (tokens: readonly string[]) => string;
  /** Number of tokens, added ones too; one more than the largest number where none is missing. */
  readonly vocabularySize: number;
  /** A token's number, undefined where the vocabulary lacks it. */
  readonly idOf: (token: string) => number | undefined;
  /** A number's token, undefined where the vocabulary lacks it. */
  readonly tokenOf: (id: number) => string | undefined;
}

/** Takes the tokens of a text as they are found. */
interface Sink {
  readonly added: (id: number, start: number, end: number) => void;
  readonly word: (tokens: WordTokens, piece: Aligned, start: number) => void;
}

/** @throws UnrolledError `TOKENIZER_INVALID` */
export function createSubwordTokenizer(json: TokenizerJson): SubwordsTokenizer {
  const { added_tokens: added = [], ...rest } = checkShape(json);
  const tokens = readTokens(json);
  const preTokenizer = readPreTokenizer(rest.pre_tokenizer);
  const normalize = readNormalizer(rest.normalizer);
  const model = remembering(readModel(json, tokens, preTokenizer));
  const inText = added.filter(({ normalized, special }) => !(normalized ?? !special));
  const inNormalized = added.filter((token) => !inText.includes(token));
  const findInText = findAdded(
    inText,
    inText.map(({ content }) => content),
  );
  const findInNormalized = findAdded(
    inNormalized,
    inNormalized.map(({ content }) => normalize(Aligned.of(content, 0)).text),
  );
  const decodeTokens = readDecoder(rest.decoder, new Set(added.map(({ content }) => content)));
  const addedIds = new Map(added.map(({ content, id }) => [content, id]));

  const run = (text: string, sink: Sink): void =>
    findInText(text, (start, end, id) => {
      if (id !== undefined) return sink.added(id, start, end);
      const piece = normalize(Aligned.of(text.slice(start, end), start));
      findInNormalized(piece.text, (from, to, found) => {
        if (found !== undefined) sink.added(found, piece.startAt(from), piece.endAt(to - 1));
        else cutWords(piece.slice(from, to), preTokenizer.cuttings, 0, model, sink);
      });
    });

  const trim = trimsSpans(rest.post_processor);
  const ids = new Numbers();
  const idSink: Sink = {
    added: (id) => ids.push(id),
    word: (found) => {
      for (let at = 0; at < found.length; at += 3) ids.push(found[at] as number);
    },
  };
  return {
    tokenize: (text) => {
      const found: SubwordToken[] = [];
      run(text, tokenSink(text, found, tokens, model, trim));
      return found;
    },
    encode: (text) => {
      run(text, idSink);
      return ids.take();
    },
    decode: (numbers) => decodeTokens(Array.from(numbers, (id) => textOf(id, tokens))),
    detokenize: decodeTokens,
    piecewise: isPiecewise(json, preTokenizer),
    vocabularySize: tokens.texts.reduce((count) => count + 1, 0),
    idOf: (token) => addedIds.get(token) ?? tokens.ids.get(token),
    tokenOf: (id) => tokens.texts[id],
  };
}

function readModel({ model }: TokenizerJson, tokens: Tokens, { bytes }: PreTokenizer): SubwordModel {
  const type = modelType(model);
  if (type === 'WordPiece') return wordPiece(model, tokens);
  if (type === 'Unigram') return unigram(model, tokens);
  const parts = readBpe(model, tokens);
  return bytes ? byteLevelBpe(parts) : characterBpe(parts);
}

function cutWords(piece: Aligned, cuttings: readonly Cutting[], at: number, model: SubwordModel, sink: Sink): void {
  const { change, cut } = cuttings[at] ?? {};
  const changed = change ? change(piece) : piece;
  const last = at >= cuttings.length - 1;
  const { text } = changed;
  const emit = (start: number, end: number): void => {
    if (last) cutPieces(text, start, end, (from, to) => sink.word(model.cut(text.slice(from, to)), changed, from));
    else cutWords(changed.slice(start, end), cuttings, at + 1, model, sink);
  };
  if (cut) cut(text, emit);
  else emit(0, text.length);
}

/** Longer words are cut here before the model sees them, so that memory has a bound. */
const LONGEST = 1 << 20;

function cutPieces(text: string, start: number, end: number, piece: (start: number, end: number) => void): void {
  let from = start;
  while (end - from > LONGEST) {
    const to = betweenPairs(text, from + LONGEST);
    piece(from, to);
    from = to;
  }
  piece(from, end);
}

function tokenSink(
  text: string,
  into: SubwordToken[],
  { texts }: Tokens,
  { unknown }: SubwordModel,
  trim: boolean,
): Sink {
  const add = (id: number, name: string, from: number, to: number): void => {
    let start = from;
    let end = to;
    if (trim) {
      while (start < end && text[start] === ' ') start += 1;
      while (end > start && text[end - 1] === ' ') end -= 1;
    }
    // A token of spaces alone keeps its place.
    into.push(start < end ? { text: name, start, end, id } : { text: name, start: from, end: to, id });
  };
  return {
    added: (id, start, end) => add(id, texts[id] as string, start, end),
    word: (found, piece, offset) => {
      for (let at = 0; at < found.length; at += 3) {
        const id = found[at] as number;
        const start = offset + (found[at + 1] as number);
        const end = offset + (found[at + 2] as number);
        const name = id === unknown ? piece.text.slice(start, end) : (texts[id] as string);
        add(id, name, piece.startAt(start), piece.endAt(end - 1));
      }
    },
  };
}

/** Room that is kept from text to text. */
const ROOM = 1 << 16;

/** A growing list of numbers. */
class Numbers {
  #values = new Int32Array(ROOM);
  #length = 0;

  push(value: number): void {
    if (this.#length === this.#values.length) {
      const larger = new Int32Array(this.#length * 2);
      larger.set(this.#values);
      this.#values = larger;
    }
    this.#values[this.#length++] = value;
  }

  /** The numbers so far; the list is empty then. */
  take(): Int32Array {
    const all = this.#values.slice(0, this.#length);
    this.#length = 0;
    if (this.#values.length > ROOM) this.#values = new Int32Array(ROOM);
    return all;
  }
}

function textOf(id: number, { texts }: Tokens): string {
  const text = texts[id];
  if (text !== undefined) return text;
  throw new UnrolledError('TOKEN_UNKNOWN', `No token has the number ${id}; numbers go up to ${texts.length - 1}.`, {
    mend: 'Give numbers that encode of the same tokenizer gave.',
  });
}

/** Whether spans leave out the spaces at their ends, as the post-processor says. */
function trimsSpans(step: StepJson | null | undefined): boolean {
  if (!step) return false;
  if (step.type === 'Sequence') return ((step.processors ?? []) as readonly StepJson[]).some(trimsSpans);
  return (step.type === 'ByteLevel' || step.type === 'RobertaProcessing') && step.trim_offsets === true;
}

/** Whether no word of GPT-2's pattern and no added token reaches over white space from the left. */
function isPiecewise(
  { normalizer, pre_tokenizer: step, added_tokens: added = [] }: TokenizerJson,
  { cuttings }: PreTokenizer,
): boolean {
  if (normalizer || step?.type !== 'ByteLevel' || cuttings[0]?.change || !cuttings[0]?.cut) return false;
  return added.every(({ content, lstrip, rstrip }) => !lstrip && !rstrip && !/\s/u.test(content));
}
