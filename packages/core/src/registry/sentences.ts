// The sentence of every misfit, written once: the types fill it in at compile time, the registry at run time.

/** One sentence for each way in which pieces may not fit; `{name}` is filled in. */
export const sentences = {
  noPlugin: '✗ no {kind} is registered',
  partMissing: '✗ task "{task}" generates a sequence, so the manifest needs {part}',
  partUnread: '✗ task "{task}" generates no sequence, so it has no use for {part}',
  layersMissing: '✗ task "{task}" needs layers, but the manifest has none',
  layersOutside: '✗ task "{task}" generates a sequence, so its layers stand in encoder and decoder',
  decoderDirection: '✗ a decoder generates step by step, so its layers run forward, not "{direction}"',
  nextSeen: '✗ direction "{direction}" reads what comes next, which task "{task}" is to predict',
  taskFed: '✗ task "{task}" accepts {accepts}, but it is fed {emits}',
  labelsUnread: '✗ task "{task}" learns no labels, so it has no use for target.labels',
  labelsFew: '✗ target.labels names fewer than two labels, so there is nothing to tell apart',
  cellFed: '✗ cell "{cell}" accepts {accepts}, but vectorizer "{vectorizer}" emits {emits}',
  tokenizerMissing: '✗ vectorizer "{vectorizer}" reads tokens, but input names no tokenizer',
  tokenizerUnread: '✗ tokenizer "{tokenizer}" gives tokens, but vectorizer "{vectorizer}" reads numbers',
  wholeSequence: '✗ direction "{direction}" needs the whole sequence, but trainer "{trainer}" sees a window of it',
  lossNumbers: '✗ loss "{loss}" compares with numbers, but the targets are labels',
  lossLabels: '✗ loss "{loss}" compares with labels, but task "{task}" learns a number',
  lossTwo: '✗ loss "{loss}" tells two labels apart, but the target names {count}',
  precisionLacking: '✗ backend "{backend}" computes in {precisions}, not in {precision}',
} as const;

/** Names of the sentences. */
export type SentenceName = keyof typeof sentences;

/** The text of a sentence before it is filled in. */
type Template<S extends SentenceName> = (typeof sentences)[S];

/** Names in braces in a text. */
type Blanks<T extends string> = T extends `${string}{${infer Name}}${infer Rest}` ? Name | Blanks<Rest> : never;

/** What a sentence needs: a word for each of its blanks. */
export type Words<S extends SentenceName> = { readonly [Name in Blanks<Template<S>>]: string };

type Fill<T extends string, W> = T extends `${infer Before}{${infer Name extends keyof W & string}}${infer Rest}`
  ? `${Before}${W[Name] & string}${Fill<Rest, W>}`
  : T;

/** A sentence with its blanks filled in, as a type. */
export type Sentence<S extends SentenceName, W extends Words<S> = Words<S>> = Fill<Template<S>, W>;

/** The sentence that stands where a kind has no plug-in. */
export type NoPlugin<K extends string> = Sentence<'noPlugin', { kind: K }>;

/** How an emission reads in a sentence. */
export const emissionPhrases = { steps: 'steps', bag: 'a bag' } as const;

/** How each part of a manifest that belongs to tasks which generate a sequence reads in a sentence. */
export const partPhrases = {
  'target.tokenizer': 'target.tokenizer',
  'target.vectorizer': 'target.vectorizer',
  encoder: 'an encoder',
  decoder: 'a decoder',
  attention: 'attention',
  layers: 'layers',
} as const;

/** Fills in a sentence. */
export function sentence<S extends SentenceName>(name: S, words: Words<S>): string {
  return sentences[name].replace(
    /\{(\w+)\}/g,
    (_, blank: string) => (words as Record<string, string>)[blank] as string,
  );
}
