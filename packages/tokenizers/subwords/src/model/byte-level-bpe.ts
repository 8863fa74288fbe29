// Byte-pair encoding over bytes: cuts a word, as it stands in the text, by its UTF-8.
import { byteCharacters } from '../byte-alphabet.ts';
import { emptyBytes, encodeWithPlaces } from '../text/utf8.ts';
import type { BpeParts } from './bpe-parts.ts';
import { mergeSymbols, type SymbolRow } from './merge.ts';
import type { SubwordModel } from './model.ts';

/** The number of each byte's token, -1 where the vocabulary has none. */
function byteTokens(ids: ReadonlyMap<string, number>): Int32Array {
  return Int32Array.from(byteCharacters, (character) => ids.get(character) ?? -1);
}

/** The model; a byte that has no token is the unknown token, or nothing where there is none, as in HF tokenizers. */
export function byteLevelBpe({ ids, merges, unknown, fuseUnknown, wholeWords }: BpeParts): SubwordModel {
  const tokenOf = byteTokens(ids);
  const places = emptyBytes();
  const row: SymbolRow = { ids: new Int32Array(256), widths: new Int32Array(256) };
  const fillRow = (length: number): number => {
    if (row.ids.length < length) {
      row.ids = new Int32Array(length * 2);
      row.widths = new Int32Array(length * 2);
    }
    let count = 0;
    let wasUnknown = false;
    let kept = 0;
    for (let at = 0; at < length; at++) {
      const known = tokenOf[places.bytes[at] as number] as number;
      if (known < 0 && unknown === undefined) continue;
      // Bytes without a token leave no place behind, so those after them move up.
      places.starts[kept] = places.starts[at] as number;
      places.ends[kept++] = places.ends[at] as number;
      if (known < 0 && wasUnknown && fuseUnknown) {
        row.widths[count - 1] = (row.widths[count - 1] as number) + 1;
        continue;
      }
      wasUnknown = known < 0;
      row.ids[count] = known < 0 ? (unknown as number) : known;
      row.widths[count++] = 1;
    }
    return count;
  };
  return {
    cut: (word) => {
      const length = encodeWithPlaces(word, places);
      if (wholeWords) {
        const whole = ids.get(inAlphabet(places.bytes, length));
        if (whole !== undefined) return [whole, 0, word.length];
      }
      const count = mergeSymbols(row, fillRow(length), merges);
      const tokens = new Array<number>(count * 3);
      for (let at = 0, first = 0; at < count; at++) {
        const last = first + (row.widths[at] as number) - 1;
        tokens[at * 3] = row.ids[at] as number;
        tokens[at * 3 + 1] = places.starts[first] as number;
        tokens[at * 3 + 2] = places.ends[last] as number;
        first = last + 1;
      }
      return tokens;
    },
  };
}

function inAlphabet(bytes: Uint8Array, length: number): string {
  let text = '';
  for (let at = 0; at < length; at++) text += byteCharacters[bytes[at] as number];
  return text;
}
