// The alphabet of byte-level tokenizers: one visible character for each of the 256 bytes (Radford et al. 2019, GPT-2).

/** Whether a byte is a visible character of Latin-1 and stands for itself. */
function visible(byte: number): boolean {
  return (byte >= 0x21 && byte <= 0x7e) || (byte >= 0xa1 && byte <= 0xac) || byte >= 0xae;
}

/** The character of each byte; bytes that are not visible take U+0100 and on, in order. */
export const byteCharacters: readonly string[] = /* @__PURE__ */ (() => {
  let next = 0x100;
  return Array.from({ length: 256 }, (_, byte) => String.fromCharCode(visible(byte) ? byte : next++));
})();

/** The byte of each character. */
const characterBytes: ReadonlyMap<string, number> = /* @__PURE__ */ new Map(
  /* @__PURE__ */ byteCharacters.map((character, byte) => [character, byte]),
);

/** The bytes that a token of the alphabet stands for; undefined where one of its characters is not of the alphabet. */
export function bytesOf(token: string): readonly number[] | undefined {
  const bytes: number[] = [];
  for (const character of token) {
    const byte = characterBytes.get(character);
    if (byte === undefined) return undefined;
    bytes.push(byte);
  }
  return bytes;
}

/** The alphabet in the order in which a trained vocabulary lists it: by code point. */
export function sortedAlphabet(): string[] {
  return [...byteCharacters].sort();
}
