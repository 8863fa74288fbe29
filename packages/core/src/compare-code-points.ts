// The order of texts by code point, the same in every locale and engine; JavaScript's own is by UTF-16 unit.

/** Negative where `a` comes first, positive where `b` does, 0 where they are equal. A lone surrogate is a code point too. */
export function compareCodePoints(a: string, b: string): number {
  const shorter = Math.min(a.length, b.length);
  let i = 0;
  while (i < shorter && a.charCodeAt(i) === b.charCodeAt(i)) i++;
  if (i === shorter) return a.length - b.length;
  if (i > 0 && isHighSurrogate(a.charCodeAt(i - 1))) {
    const difference = codePoint(a, i - 1) - codePoint(b, i - 1);
    if (difference !== 0) return difference;
  }
  return codePoint(a, i) - codePoint(b, i);
}

const codePoint = (text: string, i: number) => text.codePointAt(i) as number;

function isHighSurrogate(unit: number): boolean {
  return unit >= 0xd800 && unit < 0xdc00;
}
