// Joins words back to text: a space between tokens, none before closing or after opening punctuation.

const closes = /^[.,;:!?…%)\]}»”\p{Pe}\p{Pf}]/u;
const opens = /[([{«“¿¡\p{Ps}\p{Pi}]$/u;

/** Text that reads well; spaces, case and dropped characters of the original are not known here. */
export function joinWords(tokens: readonly string[]): string {
  return tokens.map((token, index) => `${spaced(tokens[index - 1], token) ? ' ' : ''}${token}`).join('');
}

function spaced(before: string | undefined, token: string): boolean {
  return before !== undefined && !closes.test(token) && !opens.test(before);
}
