// BLEU and chrF by sacreBLEU and error rates by jiwer. An entry of its own, since it reads a file and so runs in Node alone.
import { readFileSync } from 'node:fs';

/** A score of the whole case by one set of options, which have the names of @unrolled/text-metrics. */
export interface GoldenScore {
  readonly options: Readonly<Record<string, unknown>>;
  readonly score: number;
  readonly signature: string;
}

/** One text with its references. */
export interface GoldenSentence {
  readonly hypothesis: string;
  readonly references: readonly string[];
  /** BLEU of this sentence by the defaults, with effective order. */
  readonly bleu: number;
  /** chrF++ of this sentence. */
  readonly chrf: number;
}

/** Texts and how they score. */
export interface TextMetricsCase {
  readonly name: string;
  readonly bleu: readonly (GoldenScore & {
    readonly precisions: readonly number[];
    readonly brevityPenalty: number;
    readonly hypothesisLength: number;
    readonly referenceLength: number;
    readonly correct: readonly number[];
    readonly total: readonly number[];
  })[];
  readonly chrf: readonly (GoldenScore & { readonly name: string })[];
  /** Against each first reference. */
  readonly errorRates: Readonly<Record<'character' | 'word', { readonly rate: number; readonly edits: number }>>;
  readonly sentences: readonly GoldenSentence[];
}

/** Translations, random texts, and texts that tokenizers stumble over. */
export function textMetricsCases(): readonly TextMetricsCase[] {
  // Not imported: Vite refuses JSON with halves of surrogate pairs.
  const file = JSON.parse(readFileSync(new URL('../data/text-metrics.json', import.meta.url), 'utf8'));
  return file.cases;
}
