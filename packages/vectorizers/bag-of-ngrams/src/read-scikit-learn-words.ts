// Reads words as scikit-learn's vectorizers do by default: runs of two or more letters, digits and `_` (in Python `\b\w\w+\b`)
// of the text in small letters, without Unicode normalisation.
import { grown } from './grow.ts';
import type { UnitSink } from './unit-sink.ts';
import { HASH_FACTOR, HASH_START, nextBuffer, type Units } from './word-table.ts';

const GAP = 1;
const WORD = 2;
const PAIR = 3;

/** What every UTF-16 unit does; 0 marks one that nobody has asked about yet. */
const classes = /* @__PURE__ */ new Uint8Array(0x10000);

let buffer: Units = /* @__PURE__ */ new Uint16Array(1 << 10);

/** Hands every word of `text` to `sink`. */
export function readScikitLearnWords(text: string, lowercase: boolean, sink: UnitSink): void {
  const from = lowercase ? text.toLowerCase() : text;
  let units = buffer;
  let length = 0;
  let pairs = 0;
  let hash = HASH_START;
  for (let at = 0; at < from.length; at++) {
    const unit = from.charCodeAt(at);
    let found = (classes[unit] as number) || classify(unit);
    const pair = found === PAIR && isWord(from.codePointAt(at) as number);
    if (pair) found = WORD;
    if (found !== WORD) {
      if (length - pairs > 1) sink.unit(units, length, hash);
      length = 0;
      pairs = 0;
      hash = HASH_START;
      continue;
    }
    if (length + 2 > units.length) {
      units = grown(units, length + 2);
      buffer = nextBuffer(units, buffer);
    }
    units[length++] = unit;
    hash = Math.imul(hash ^ unit, HASH_FACTOR);
    if (!pair) continue;
    const second = from.charCodeAt(++at);
    units[length++] = second;
    hash = Math.imul(hash ^ second, HASH_FACTOR);
    pairs++;
  }
  if (length - pairs > 1) sink.unit(units, length, hash);
  sink.endRun();
}

function classify(unit: number): number {
  const found = unit >= 0xd800 && unit < 0xe000 ? PAIR : isWord(unit) ? WORD : GAP;
  classes[unit] = found;
  return found;
}

function isWord(codePoint: number): boolean {
  return /[\p{L}\p{N}_]/u.test(String.fromCodePoint(codePoint));
}
