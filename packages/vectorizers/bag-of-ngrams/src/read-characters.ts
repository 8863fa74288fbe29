// Reads the characters (code points) of a text, or those of each of its words.
import type { UnitSink } from './unit-sink.ts';
import { HASH_FACTOR, HASH_START } from './word-table.ts';

/** How characters are read. */
export interface CharacterOptions {
  /** The profile `scikit-learn`: no normalisation, and white space of two characters or more is one space. */
  readonly asScikitLearn: boolean;
  /** In small letters. */
  readonly lowercase: boolean;
}

const two = /* @__PURE__ */ new Uint16Array(2);
const space = ' ';

// White space as Python has it, which is neither JavaScript's (with U+FEFF) nor Unicode's own (without U+001C to U+001F).
const whiteSpace = '\\t-\\r\\x1c- \\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000';
const longWhiteSpace = /* @__PURE__ */ new RegExp(`[${whiteSpace}]{2,}`, 'gu');
const words = /* @__PURE__ */ new RegExp(`[^${whiteSpace}]+`, 'gu');

/** Hands every character of `text` to `sink`, white space too. */
export function readCharacters(text: string, { asScikitLearn, lowercase }: CharacterOptions, sink: UnitSink): void {
  const ready = prepared(text, asScikitLearn, lowercase);
  spellOut(asScikitLearn ? ready.replace(longWhiteSpace, space) : ready, sink);
  sink.endRun();
}

/** Hands every word of `text` to `sink` as a run of its characters between two spaces. Words end at white space alone. */
export function readWordCharacters(text: string, { asScikitLearn, lowercase }: CharacterOptions, sink: UnitSink): void {
  for (const [word] of prepared(text, asScikitLearn, lowercase).matchAll(words)) {
    spellOut(space, sink);
    spellOut(word, sink);
    spellOut(space, sink);
    sink.endRun();
  }
}

function prepared(text: string, asScikitLearn: boolean, lowercase: boolean): string {
  const lowered = lowercase ? text.toLowerCase() : text;
  return asScikitLearn ? lowered : lowered.normalize('NFC');
}

function spellOut(text: string, sink: UnitSink): void {
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at);
    two[0] = unit;
    let hash = Math.imul(HASH_START ^ unit, HASH_FACTOR);
    if ((text.codePointAt(at) as number) <= 0xffff) sink.unit(two, 1, hash);
    else {
      const second = text.charCodeAt(++at);
      two[1] = second;
      hash = Math.imul(hash ^ second, HASH_FACTOR);
      sink.unit(two, 2, hash);
    }
  }
}
