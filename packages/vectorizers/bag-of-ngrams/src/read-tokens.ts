// Reads a document that a tokenizer has split: each token is a unit.
import type { UnitSink } from './unit-sink.ts';
import { nextBuffer, spell, type Units } from './word-table.ts';

let buffer: Units = /* @__PURE__ */ new Uint16Array(1 << 10);

/** Hands every token to `sink` as it is. */
export function readTokens(tokens: readonly string[], sink: UnitSink): void {
  for (const token of tokens) {
    const { units, hash } = spell(token, buffer);
    buffer = nextBuffer(units, buffer);
    sink.unit(units, token.length, hash);
  }
  sink.endRun();
}
