// Checks that a value has the shape of a tokenizer.json, and says what its model is.
import { describe, UnrolledError } from '@unrolled/core';
import { invalid } from './invalid.ts';
import type { ModelJson, TokenizerJson } from './tokenizer-json.ts';

/** Models that can be read. */
export type ModelType = 'BPE' | 'WordPiece' | 'Unigram';

/**
 * A tokenizer from the text of a tokenizer.json. That it fits together is found out when it is used.
 * @throws UnrolledError `TOKENIZER_INVALID` where the text is no JSON or has not the shape
 */
export function parseTokenizer(text: string): TokenizerJson {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw invalid(`this is no JSON: ${(error as Error).message}.`, 'Give the whole text of a tokenizer.json.', error);
  }
  return checkShape(value);
}

/**
 * Reads a tokenizer.json from an address, as `https://…/tokenizer.json`.
 * @param settings - what `fetch` takes, such as a signal.
 * @throws UnrolledError `TOKENIZER_READ_FAILED` where it can't be had, `TOKENIZER_INVALID` where it is something else
 */
export async function fetchTokenizer(address: string | URL, settings: RequestInit = {}): Promise<TokenizerJson> {
  const failed = (why: string, cause?: unknown): UnrolledError =>
    new UnrolledError('TOKENIZER_READ_FAILED', `${address} could not be read: ${why}.`, {
      mend: 'Check the address, and that the server lets this page read it.',
      cause,
    });
  let answer: Response;
  let text: string;
  try {
    answer = await fetch(address, settings);
    text = await answer.text();
  } catch (error) {
    settings.signal?.throwIfAborted();
    throw failed((error as Error).message, error);
  }
  if (!answer.ok) throw failed(`the server answered ${answer.status}`);
  return parseTokenizer(text);
}

/** The value as a tokenizer, its outline checked. @throws UnrolledError `TOKENIZER_INVALID` */
export function checkShape(value: unknown): TokenizerJson {
  const json = object(value, 'a tokenizer');
  const model = object(json.model, 'its "model"');
  if (model.vocab === undefined) throw invalid('its model has no "vocab".', 'Give the tokenizer.json, not its config.');
  if (typeof model.vocab !== 'object' || model.vocab === null)
    throw invalid(
      `"vocab" must hold tokens, but ${describe(model.vocab)} was found.`,
      'Give a tokenizer that was trained.',
    );
  const added = json.added_tokens ?? [];
  if (!Array.isArray(added))
    throw invalid(
      `"added_tokens" must be an array, but ${describe(added)} was found.`,
      'Leave it out or give an array.',
    );
  for (const token of added) object(token, 'an added token');
  for (const step of ['normalizer', 'pre_tokenizer', 'post_processor', 'decoder'])
    if (json[step] !== undefined && json[step] !== null) object(json[step], `its "${step}"`);
  return value as TokenizerJson;
}

function object(value: unknown, what: string): Readonly<Record<string, unknown>> {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  throw invalid(
    `${what} must be an object, but ${value === undefined ? 'nothing' : describe(value)} was found.`,
    'Give what a tokenizer.json of Hugging Face tokenizers holds.',
  );
}

/** What the model is, by its type or, where early files name none, by what it holds. @throws UnrolledError `TOKENIZER_INVALID` */
export function modelType(model: ModelJson): ModelType {
  const type = model.type ?? guess(model);
  if (type === 'BPE' || type === 'WordPiece' || type === 'Unigram') return type;
  throw invalid(
    `its model is ${describe(type)}; BPE, WordPiece and Unigram can be read.`,
    type === 'WordLevel' ? 'For whole words take @unrolled/tokenizer-words.' : 'Convert it to one of these.',
  );
}

function guess(model: ModelJson): string {
  if (Array.isArray(model.vocab)) return 'Unigram';
  if (model.merges) return 'BPE';
  return model.continuing_subword_prefix === undefined ? 'WordLevel' : 'WordPiece';
}
