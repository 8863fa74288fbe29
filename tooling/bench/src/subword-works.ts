// Byte-level BPE: numbers of a corpus's lines, by us and by @huggingface/tokenizers; and training it.
import * as huggingface from '@huggingface/tokenizers';
import { shakespeareText } from '@unrolled/dataset-shakespeare';
import { stateOfTheUnionSpeeches } from '@unrolled/dataset-state-of-the-union';
import { subwordsTokenizer, trainBytePairEncoding } from '@unrolled/tokenizer-subwords';
import type { Work } from './serve.ts';

/** What is encoded, and by whom. */
export interface SubwordsGiven {
  readonly corpus: 'Shakespeare' | 'State of the Union';
  /** Whether texts are lines or one whole. */
  readonly texts: 'lines' | 'one text';
  /** `places`: tokens with their spans; `training`: learning the tokenizer. */
  readonly by: 'unrolled' | 'places' | 'huggingface' | 'training';
}

/** Bytes of a corpus that are encoded: the slowest takes seconds for them. */
const LENGTH = 1_000_000;
const settings = { vocabularySize: 8000 };

interface Peer {
  encode(text: string, settings: { readonly add_special_tokens: boolean }): { readonly ids: readonly number[] };
}
const { Tokenizer } = huggingface as unknown as { Tokenizer: new (json: unknown, settings: object) => Peer };

/** Encodes the start of a corpus by the tokenizer that all of it taught. */
export async function subwords({ corpus, texts, by }: SubwordsGiven): Promise<Work> {
  const all = corpus === 'Shakespeare' ? await shakespeareText() : await speeches();
  if (by === 'training') return { run: () => trainBytePairEncoding([all], settings) };
  const text = new TextDecoder().decode(new TextEncoder().encode(all).subarray(0, LENGTH));
  const json = await trainBytePairEncoding([all], settings);
  const lines = texts === 'lines' ? text.split(/(?<=\n)/) : [text];
  const encode = encoderOf(by, json);
  const tokens = lines.reduce((sum, line) => sum + encode(line), 0);
  return { run: async () => lines.forEach(encode), facts: { tokens } };
}

async function speeches(): Promise<string> {
  return (await stateOfTheUnionSpeeches()).map(({ text }) => text).join('\n');
}

/** Gives the number of a text's tokens. */
function encoderOf(by: SubwordsGiven['by'], json: Parameters<typeof subwordsTokenizer>[0]): (text: string) => number {
  if (by === 'huggingface') {
    const theirs = new Tokenizer(json, {});
    return (text) => theirs.encode(text, { add_special_tokens: false }).ids.length;
  }
  const ours = subwordsTokenizer(json);
  return by === 'places' ? (text) => ours.tokenize(text).length : (text) => ours.encode(text).length;
}
