// The parts of @huggingface/tokenizers that are used here, with types: its own name their files without extensions, which
// Node's way of finding modules doesn't follow.
import * as huggingface from '@huggingface/tokenizers';

interface Library {
  readonly ReplaceNormalizer: new (step: unknown) => { readonly pattern: RegExp | null };
  readonly SequenceDecoder: new (step: unknown) => { readonly decode: (tokens: readonly string[]) => string };
  readonly SequenceNormalizer: new (step: unknown) => { readonly normalize: (text: string) => string };
  readonly SplitPreTokenizer: new (step: unknown) => { readonly pattern: RegExp };
  readonly Unigram: new (model: unknown, end: string) => Encoder;
  readonly WordPiece: new (model: unknown) => Encoder;
}

interface Encoder {
  readonly encode: (words: readonly string[]) => readonly string[];
}

const library = huggingface as unknown as Library;

/** The pattern of a normaliser that replaces. */
export function replacedPattern(step: object): RegExp | null {
  return new library.ReplaceNormalizer(step).pattern;
}

/** A normaliser of any type. */
export function normalizerOf(step: object): (text: string) => string {
  const normalizer = new library.SequenceNormalizer({ type: 'Sequence', normalizers: [step] });
  return (text) => normalizer.normalize(text);
}

/** The pattern of a pre-tokenizer that splits, as JavaScript writes it. */
export function splitPattern(pattern: object): RegExp {
  return new library.SplitPreTokenizer({ type: 'Split', pattern, behavior: 'Isolated' }).pattern;
}

/** A decoder of any type. */
export function decoderOf(step: object): (tokens: readonly string[]) => string {
  const decoder = new library.SequenceDecoder({ type: 'Sequence', decoders: [step] });
  return (tokens) => decoder.decode([...tokens]);
}

/** Cuts words by a model of type Unigram; each unknown character is a token, itself. */
export function unigramOf(model: object): (word: string) => readonly string[] {
  return encoding(new library.Unigram({ type: 'Unigram', ...model }, ''));
}

/** Cuts words by a model of type WordPiece. */
export function wordPieceOf(model: object): (word: string) => readonly string[] {
  return encoding(new library.WordPiece({ type: 'WordPiece', ...model }));
}

function encoding(model: Encoder): (word: string) => readonly string[] {
  return (word) => model.encode([word]);
}
