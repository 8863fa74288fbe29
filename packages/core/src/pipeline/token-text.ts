// Tokens as the text that they make, as they come.
import type { TokenizerInstance } from '../contracts/plugins.ts';

/** Tokens as the text that they make; without a way back they stand side by side, a space between. */
export function joinTokens(tokenizer: TokenizerInstance | undefined, tokens: readonly string[]): string {
  return tokenizer?.detokenize?.(tokens) ?? tokens.join(' ');
}

/** A text that grows token by token. */
export function createText(tokenizer: TokenizerInstance | undefined) {
  const tokens: string[] = [];
  const join = (some: readonly string[]): string => joinTokens(tokenizer, some);
  let text = '';
  return {
    /** All of them. */
    tokens,
    /** Adds a token, and gives what it adds to the text. */
    add: (token: string): string => {
      tokens.push(token);
      // What joins two tokens is decided by neighbours, so that a few of them tell what the last one adds.
      const near = tokens.slice(-neighbours);
      const added = join(near).slice(join(near.slice(0, -1)).length);
      text += added;
      return added;
    },
    /** The whole text. */
    all: (): string => text,
  };
}

const neighbours = 8;
