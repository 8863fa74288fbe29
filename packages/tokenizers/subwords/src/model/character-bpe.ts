// Byte-pair encoding over characters, as SentencePiece and the first subword models do it.
import type { BpeParts } from './bpe-parts.ts';
import { byteFallbackTokens } from './byte-fallback.ts';
import { mergeSymbols, type SymbolRow } from './merge.ts';
import type { SubwordModel } from './model.ts';

/** The model; a character that has no token is its bytes, the unknown token, or nothing where there is neither, as in HF tokenizers. */
export function characterBpe(parts: BpeParts): SubwordModel {
  const { ids, merges, wholeWords } = parts;
  const bytesOf = parts.byteFallback ? byteFallbackTokens(ids) : undefined;
  return {
    cut: (word) => {
      const whole = wholeWords ? ids.get(word) : undefined;
      if (whole !== undefined) return [whole, 0, word.length];
      const { row, starts, ends } = symbolsOf(word, parts, bytesOf);
      const count = mergeSymbols(row, row.ids.length, merges);
      const tokens: number[] = [];
      for (let at = 0, first = 0; at < count; at++) {
        const last = first + (row.widths[at] as number) - 1;
        tokens.push(row.ids[at] as number, starts[first] as number, ends[last] as number);
        first = last + 1;
      }
      return tokens;
    },
  };
}

interface Symbols {
  readonly row: SymbolRow;
  /** First unit of each symbol in the word. */
  readonly starts: readonly number[];
  /** One past its last. */
  readonly ends: readonly number[];
}

function symbolsOf(
  word: string,
  { ids, unknown, fuseUnknown, prefix, suffix }: BpeParts,
  bytesOf: ((text: string) => readonly number[] | undefined) | undefined,
): Symbols {
  const [found, starts, ends]: [number[], number[], number[]] = [[], [], []];
  let fused = -1;
  let end = 0;
  for (const character of word) {
    const start = end;
    end += character.length;
    const symbol = `${start > 0 ? prefix : ''}${character}${end === word.length ? suffix : ''}`;
    const known = ids.get(symbol);
    const tokens = known === undefined ? bytesOf?.(symbol) : [known];
    if (tokens === undefined && fused >= 0 && fuseUnknown) {
      ends[fused] = end;
      continue;
    }
    const given = tokens ?? (unknown === undefined ? [] : [unknown]);
    fused = tokens === undefined && unknown !== undefined ? found.length : -1;
    for (const id of given) {
      found.push(id);
      starts.push(start);
      ends.push(end);
    }
  }
  return { row: { ids: Int32Array.from(found), widths: new Int32Array(found.length).fill(1) }, starts, ends };
}
