// Bytes in place of characters that have no token: `<0xE2><0x82><0xAC>` for `€`.

/** Gives the tokens of a text's bytes, or undefined where one of them has none. */
export function byteFallbackTokens(ids: ReadonlyMap<string, number>): (text: string) => readonly number[] | undefined {
  const tokens = Array.from({ length: 256 }, (_, byte) =>
    ids.get(`<0x${byte.toString(16).toUpperCase().padStart(2, '0')}>`),
  );
  const encoder = new TextEncoder();
  return (text) => {
    const found = Array.from(encoder.encode(text), (byte) => tokens[byte]);
    return found.every((id) => id !== undefined) ? found : undefined;
  };
}
