// Draws weights of attention as text: a line for each token that was written, a column for each that was read.

/** From a weight of 0 to one of 1. */
const shades = [' ', '░', '▒', '▓', '█'];

/**
 * The lines of a picture, the input above it.
 * @param attention - weights `[written][read]`; a line more than tokens is that of the end, `∎`.
 */
export function drawAttention(
  read: readonly string[],
  written: readonly string[],
  attention: readonly (readonly number[])[],
): string[] {
  const tokens = attention.map((_, line) => written[line] ?? '∎');
  const margin = Math.max(...tokens.map(widthOf));
  // Characters stand side by side as in a text, words apart.
  const gap = read.every((token) => widthOf(token) === 1) ? '' : ' ';
  const lines = attention.map((weights) =>
    weights.map((weight, column) => shadeOf(weight).repeat(widthOf(read[column] as string))).join(gap),
  );
  return [
    `${' '.repeat(margin)}  ${read.join(gap)}`,
    ...lines.map((line, index) => `${padded(tokens[index] as string, margin)}  ${line}`.trimEnd()),
  ];
}

function shadeOf(weight: number): string {
  return shades[Math.round(weight * (shades.length - 1))] as string;
}

function padded(token: string, width: number): string {
  return token + ' '.repeat(width - widthOf(token));
}

function widthOf(token: string): number {
  return [...token].length;
}
