// Joins words back to text: a space between tokens, none before closing or after opening punctuation.

const closes = /^[.,;:!?…%)\]}»”\p{Pe}\p{Pf}]/u;
/** What would become part of the token before. */
const sticks = /^[\p{M}\p{Join_Control}\p{Emoji_Modifier}]/u;
/** What would make the token after part of its own. */
const ties = /\u200d$/;
const opens = /[([{«“¿¡\p{Ps}\p{Pi}]$/u;

/** Text that reads well; spaces, case and dropped characters of the original are not known here. */
export function joinWords(tokens: readonly string[]): string {
  return tokens.map((token, index) => `${spaced(tokens[index - 1], token) ? ' ' : ''}${token}`).join('');
}

function spaced(before: string | undefined, token: string): boolean {
  if (before === undefined) return false;
  return sticks.test(token) || ties.test(before) || (!closes.test(token) && !opens.test(before));
}
