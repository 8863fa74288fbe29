// The text nearest to another by the pieces that they share: what a memory of translations looks up.

/** Characters of the pieces. */
const order = 3;

/** What some texts share with another is looked up by pieces. */
interface Postings {
  readonly texts: number[];
  readonly counts: number[];
}

/**
 * Finds, of `texts`, the nearest to another: that with the highest Dice coefficient, twice the number of trigrams of characters
 * that both have ÷ how many they have, whatever their case. Of equals the first is nearest.
 * @returns a function from a text to the number of the nearest.
 */
export function createNearest(texts: readonly string[]): (text: string) => number {
  const postings = new Map<string, Postings>();
  const sizes = texts.map((text, index) => {
    const pieces = piecesOf(text);
    for (const [piece, count] of pieces) {
      const { texts, counts } = postings.get(piece) ?? { texts: [], counts: [] };
      postings.set(piece, { texts, counts });
      texts.push(index);
      counts.push(count);
    }
    return sizeOf(pieces);
  });
  return (text) => {
    const pieces = piecesOf(text);
    const shared = new Float64Array(texts.length);
    for (const [piece, count] of pieces)
      postings.get(piece)?.texts.forEach((index, place) => {
        const own = postings.get(piece)?.counts[place] as number;
        shared[index] = (shared[index] as number) + Math.min(own, count);
      });
    const size = sizeOf(pieces);
    const likeness = shared.map((both, index) => (2 * both) / (size + (sizes[index] as number)));
    return likeness.reduce((best, each, index) => (each > (likeness[best] as number) ? index : best), 0);
  };
}

/** How often each piece stands in a text; its ends are spaces. */
function piecesOf(text: string): Map<string, number> {
  const characters = [...` ${text.toLowerCase()} `];
  const pieces = new Map<string, number>();
  for (let start = 0; start + order <= characters.length; start += 1) {
    const piece = characters.slice(start, start + order).join('');
    pieces.set(piece, (pieces.get(piece) ?? 0) + 1);
  }
  return pieces;
}

function sizeOf(pieces: ReadonlyMap<string, number>): number {
  return [...pieces.values()].reduce((sum, count) => sum + count, 0);
}
