// Files that gensim, fastText and the safetensors package wrote, and what gensim says about their vectors. Made by
// tooling/goldens/word_vectors.py.
import { readFileSync } from 'node:fs';

type Ranked = readonly (readonly [word: string, score: number])[];

interface Answers {
  readonly size: number;
  readonly words: readonly string[];
  readonly vectors: readonly number[];
  readonly queries: {
    readonly neighbours: Readonly<Record<string, Ranked>>;
    readonly among: Ranked;
    readonly sum: Ranked;
    readonly product: Ranked;
    readonly doesNotMatch: readonly (readonly [words: readonly string[], word: string])[];
    readonly distances: readonly number[];
  };
  readonly evaluations: readonly {
    readonly mostFrequent: number;
    readonly ignoreCase: boolean;
    readonly unknownAsWrong: boolean;
    readonly pearson: number;
    readonly spearman: number;
    readonly unknownPercent: number;
    readonly sections: readonly (readonly [name: string, correct: number, incorrect: number])[];
  }[];
  readonly fasttext: Readonly<
    Record<
      'ngrams' | 'words' | 'supervised',
      {
        readonly words: readonly string[];
        readonly counts: readonly number[];
        readonly labels: readonly string[];
        readonly vectors: Readonly<Record<string, readonly number[]>>;
      }
    >
  >;
}

/** The bytes of a golden file. */
export function golden(name: string): Uint8Array<ArrayBuffer> {
  return new Uint8Array(readFileSync(new URL(`./golden/${name}`, import.meta.url)));
}

export const answers = JSON.parse(new TextDecoder().decode(golden('answers.json'))) as Answers;
