// White space as Python's str.split has it, which differs from JavaScript's \s in six characters.

/** What `str.isspace` is true of: the classes WS, B and S of writing direction, and the category Zs. */
const CLASS = '\\t-\\r\\x1c- \\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000';
const SPACE = new RegExp(`[${CLASS}]`);
const SPACES = new RegExp(`[${CLASS}]+`);

/** Whether a character is white space. */
export function isSpace(character: string): boolean {
  return SPACE.test(character);
}

/** What stands between white space; nothing of a text without anything else. */
export function splitWords(text: string): string[] {
  return text.split(SPACES).filter((word) => word !== '');
}

/** The text without white space at its end. */
export function trimEnd(text: string): string {
  let end = text.length;
  while (end > 0 && isSpace(text[end - 1] as string)) end -= 1;
  return text.slice(0, end);
}
