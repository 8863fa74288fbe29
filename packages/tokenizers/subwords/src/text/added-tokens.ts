// Finds added tokens in text: those that are cut out before anything else is done.
import type { AddedTokenJson } from '../tokenizer-json.ts';

/** Gives in order the stretches between added tokens (`id` undefined) and the tokens; none is empty. */
export type FindAdded = (text: string, emit: (start: number, end: number, id: number | undefined) => void) => void;

/** @param contents - what each token is looked for as: its text, or its text normalised. */
export function findAdded(tokens: readonly AddedTokenJson[], contents: readonly string[]): FindAdded {
  const byContent = new Map<string, AddedTokenJson>();
  for (const [at, token] of tokens.entries()) if (contents[at]) byContent.set(contents[at], token);
  if (byContent.size === 0)
    return (text, emit) => {
      if (text) emit(0, text.length, undefined);
    };
  // The longest wins where several begin at one place.
  const longestFirst = [...byContent.keys()].sort((a, b) => b.length - a.length);
  const pattern = new RegExp(
    longestFirst.map((content) => content.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&')).join('|'),
    'gu',
  );
  return (text, emit) => {
    let done = 0;
    for (const { 0: content, index } of text.matchAll(pattern)) {
      const token = byContent.get(content) as AddedTokenJson;
      const after = index + content.length;
      if (index < done || (token.single_word && !standsAlone(text, index, after))) continue;
      const start = token.lstrip ? Math.max(done, text.slice(0, index).trimEnd().length) : index;
      const end = token.rstrip ? text.length - text.slice(after).trimStart().length : after;
      if (done < start) emit(done, start, undefined);
      emit(start, end, token.id);
      done = end;
    }
    if (done < text.length) emit(done, text.length, undefined);
  };
}

const wordBefore = /[\p{Alphabetic}\p{M}\p{Nd}\p{Pc}\p{Join_Control}]$/u;
const wordAfter = /^[\p{Alphabetic}\p{M}\p{Nd}\p{Pc}\p{Join_Control}]/u;

function standsAlone(text: string, start: number, end: number): boolean {
  return !wordBefore.test(text.slice(Math.max(0, start - 2), start)) && !wordAfter.test(text.slice(end, end + 2));
}
