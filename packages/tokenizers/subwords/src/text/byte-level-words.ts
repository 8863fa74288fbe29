// Where byte-level tokenizers cut text before they look for subwords: the pattern of GPT-2, scanned by hand.

// Classes of characters; 0 marks a unit not yet looked up.
const LETTER = 1;
const NUMBER = 2;
const SPACE = 3;
const OTHER = 4;
const PAIR = 5;

/** Class of each UTF-16 unit, filled in as units are met; half of a surrogate pair is `PAIR`. */
const classes = /* @__PURE__ */ new Uint8Array(0x10000);

function classAt(text: string, index: number): number {
  const unit = text.charCodeAt(index);
  const known = classes[unit] as number;
  if (known !== 0 && known !== PAIR) return known;
  if (known === PAIR || (unit >= 0xd800 && unit < 0xe000)) {
    classes[unit] = PAIR;
    return classify(text.codePointAt(index) as number);
  }
  const found = classify(unit);
  classes[unit] = found;
  return found;
}

function classify(codePoint: number): number {
  const character = String.fromCodePoint(codePoint);
  if (/\p{L}/u.test(character)) return LETTER;
  if (/\p{N}/u.test(character)) return NUMBER;
  return /\p{White_Space}/u.test(character) ? SPACE : OTHER;
}

const APOSTROPHE = 0x27;
const BLANK = 0x20;

/**
 * End of the piece that begins at `start`, which must lie inside `text`, by the pattern of GPT-2:
 * `'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+`, where `\s` is Unicode's White_Space.
 * One after the other the pieces are the whole text.
 */
export function wordEnd(text: string, start: number): number {
  const unit = text.charCodeAt(start);
  if (unit === APOSTROPHE) {
    const end = contractionEnd(text, start);
    if (end > 0) return end;
  }
  let first = classAt(text, start);
  let at = start;
  if (unit === BLANK && start + 1 < text.length) {
    const next = classAt(text, start + 1);
    if (next !== SPACE) {
      first = next;
      at = start + 1;
    }
  }
  const end = runEnd(text, at, first);
  // White space before a word leaves its last character to the word.
  return first === SPACE && end < text.length && end - start > 1 ? end - 1 : end;
}

function runEnd(text: string, start: number, of: number): number {
  let index = start;
  for (;;) {
    // Most units are already known: this one line is what nearly all the time is spent on.
    while (index < text.length && classes[text.charCodeAt(index)] === of) index += 1;
    if (index >= text.length || classAt(text, index) !== of) return index;
    index += (text.codePointAt(index) as number) > 0xffff ? 2 : 1;
  }
}

/** End of `'s`, `'t`, `'re`, `'ve`, `'m`, `'ll` or `'d` at `start`; 0 where there is none. */
function contractionEnd(text: string, start: number): number {
  const next = text[start + 1];
  if (next === 's' || next === 't' || next === 'm' || next === 'd') return start + 2;
  const two = text.slice(start + 1, start + 3);
  return two === 're' || two === 've' || two === 'll' ? start + 3 : 0;
}
