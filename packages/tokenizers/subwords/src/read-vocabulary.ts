// Reads and checks the tokens of a tokenizer.json: the model's and the added ones.
import { describe } from '@unrolled/core';
import { invalid } from './invalid.ts';
import type { AddedTokenJson, ModelJson, TokenizerJson } from './tokenizer-json.ts';

/** Tokens and their numbers, both ways. */
export interface Tokens {
  /** Number of each of the model's tokens. */
  readonly ids: ReadonlyMap<string, number>;
  /** Text of each number, added tokens too; a number may be missing. */
  readonly texts: readonly (string | undefined)[];
}

/** The model's vocabulary with the added tokens. @throws UnrolledError `TOKENIZER_INVALID` */
export function readTokens({ model, added_tokens: added = [] }: TokenizerJson): Tokens {
  const ids = new Map<string, number>();
  const texts: (string | undefined)[] = [];
  for (const [token, id] of entriesOf(model)) {
    checkId(token, id);
    const other = texts[id];
    if (other !== undefined)
      throw invalid(
        `${describe(token)} and ${describe(other)} have the same number ${id} in the vocabulary.`,
        'Give each token a number of its own.',
      );
    if (ids.has(token)) throw invalid(`${describe(token)} stands twice in the vocabulary.`, 'Keep one of the two.');
    ids.set(token, id);
    texts[id] = token;
  }
  if (ids.size === 0 && added.length === 0)
    throw invalid('the vocabulary is empty.', 'Give a tokenizer that was trained.');
  for (const token of added) addToken(token, texts);
  return { ids, texts };
}

function entriesOf({ vocab }: ModelJson): Iterable<readonly [string, number]> {
  if (!Array.isArray(vocab)) return Object.entries(vocab as Readonly<Record<string, number>>);
  return vocab.map((entry, id) => {
    if (Array.isArray(entry) && typeof entry[0] === 'string' && Number.isFinite(entry[1]))
      return [entry[0], id] as const;
    throw invalid(
      `entry ${id} of the vocabulary must be a token with its log probability, but ${describe(entry)} was found.`,
      'Write it as ["token", -1.5].',
    );
  });
}

/** Numbers that leave no room for a table by number. */
const MOST = 1 << 24;

function checkId(token: string, id: unknown): asserts id is number {
  if (Number.isInteger(id) && (id as number) >= 0 && (id as number) < MOST) return;
  throw invalid(
    `the number of ${describe(token)} must be a whole number from 0 to ${MOST - 1}, but ${describe(id)} was found.`,
    'Number the tokens from 0.',
  );
}

function addToken({ id, content }: AddedTokenJson, texts: (string | undefined)[]): void {
  if (typeof content !== 'string' || content === '')
    throw invalid(`an added token must have a text as its content, but ${describe(content)} was found.`, 'Name it.');
  checkId(content, id);
  const other = texts[id];
  if (other !== undefined && other !== content)
    throw invalid(
      `the added token ${describe(content)} has the number ${id}, which is that of ${describe(other)}.`,
      'Give it a number of its own.',
    );
  texts[id] = content;
}
