// Predictions as lines: JSON Lines for every model, CSV where each text has one label or number, a token on each line where each has one.
import type {
  AnswerTypes,
  Example,
  GeneratedSequence,
  Learns,
  NumberPrediction,
  Prediction,
  StepPredictions,
} from '@unrolled/core';
import { usageError } from '../usage.ts';
import { csvLine } from './csv.ts';

/** Formats in which predictions are written. */
export const PREDICTION_FORMATS = ['jsonl', 'csv', 'conll'] as const;

/** One of {@link PREDICTION_FORMATS}. */
export type PredictionFormat = (typeof PREDICTION_FORMATS)[number];

/** Writes predictions, one after the other. */
export interface PredictionWriter {
  /** What stands before the first. */
  readonly header: string;
  /** One of them; a line end follows. */
  readonly line: (example: Example, answer: AnswerTypes[Learns]) => string;
}

/** A writer for a model by what it learned. @throws UnrolledError `FLAG_INVALID` for a format that its answers don't fit */
export function predictionWriter(
  format: PredictionFormat,
  learns: Learns,
  labels: readonly string[],
): PredictionWriter {
  if (format === 'csv') {
    if (learns === 'number') return numberWriter;
    if (learns !== 'label') throw misfit('csv', 'models that give a text one label or a number');
    return csvWriter(labels);
  }
  if (format === 'conll') {
    if (learns !== 'labels') throw misfit('conll', 'models that give each token a label');
    return { header: '', line: (_, answer) => columns(answer as StepPredictions) };
  }
  return {
    header: '',
    line: ({ text }, answer) => JSON.stringify({ ...(text !== undefined && { text }), ...named(answer, learns) }),
  };
}

/** What is generated is the target, as in data; the text is what it was generated from. */
function named(answer: AnswerTypes[Learns], learns: Learns): object {
  if (learns !== 'sequence') return answer;
  const { text, ...rest } = answer as GeneratedSequence;
  return { target: text, ...rest };
}

function csvWriter(labels: readonly string[]): PredictionWriter {
  const header = csvLine(['text', 'label', 'probability', ...labels.map((label) => `probability of ${label}`)]);
  return {
    header: `${header}\n`,
    line: ({ text = '' }, answer) => {
      const { label, probability, probabilities } = answer as Prediction;
      return csvLine([text, label, String(probability), ...labels.map((name) => String(probabilities[name]))]);
    },
  };
}

const numberWriter: PredictionWriter = {
  header: 'text,value\n',
  line: ({ text = '' }, answer) => csvLine([text, String((answer as NumberPrediction).value)]),
};

/** A token, a tab and its label on each line; an empty line follows. */
function columns({ tokens = [], labels }: StepPredictions): string {
  return labels.map((label, step) => `${tokens[step] ?? ''}\t${label}\n`).join('');
}

function misfit(format: string, whose: string): Error {
  return usageError('FLAG_INVALID', `--format ${format} is for ${whose}.`, 'Write --format jsonl, or leave it out.');
}
