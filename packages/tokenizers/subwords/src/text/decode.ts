// Decoders of a tokenizer.json: tokens back to text. ByteLevel is our own, the others are of @huggingface/tokenizers.
import { bytesOf } from '../byte-alphabet.ts';
import { decoderOf } from '../huggingface.ts';
import { invalid } from '../invalid.ts';
import type { StepJson } from '../tokenizer-json.ts';

/** Tokens that are remembered with their bytes. */
const MOST = 1 << 20;

/** Joins tokens to text. */
export type Decode = (tokens: readonly string[]) => string;

/** @param added - tokens that stand for themselves. @throws UnrolledError `TOKENIZER_INVALID` */
export function readDecoder(step: StepJson | null | undefined, added: ReadonlySet<string>): Decode {
  if (!step) return (tokens) => tokens.join(' ');
  if (step.type === 'ByteLevel') return byteDecoder(added);
  try {
    return decoderOf(step);
  } catch (error) {
    throw invalid(
      `its decoder can't be read: ${(error as Error).message}.`,
      'Take ByteLevel, WordPiece or Metaspace.',
      error,
    );
  }
}

function byteDecoder(added: ReadonlySet<string>): Decode {
  const known = new Map<string, Uint8Array>();
  const encoder = new TextEncoder();
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
  const read = (token: string): Uint8Array => {
    const inAlphabet = added.has(token) ? undefined : bytesOf(token);
    const bytes = inAlphabet ? Uint8Array.from(inAlphabet) : encoder.encode(token);
    if (known.size < MOST) known.set(token, bytes);
    return bytes;
  };
  return (tokens) => {
    const parts = tokens.map((token) => known.get(token) ?? read(token));
    const all = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
    let at = 0;
    for (const part of parts) {
      all.set(part, at);
      at += part.length;
    }
    // All at once: a character may be cut between two tokens.
    return decoder.decode(all);
  };
}
