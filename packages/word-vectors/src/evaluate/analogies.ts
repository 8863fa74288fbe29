// Analogies: "a is to b as c is to …", by section, as the C program of word2vec and gensim evaluate them.
import { UnrolledError } from '@unrolled/core';
import { checkWhole } from '../check-whole.ts';
import type { AnalogyMethod, KeyedVectors } from '../keyed-vectors.ts';
import { answer, type Question } from './answer.ts';
import type { Estimate } from './bootstrap.ts';
import { type EvaluatedWords, MOST_FREQUENT, type WordRows, wordRows } from './vocabulary.ts';

/** Four words: a is to b as c is to d. */
export type Analogy = readonly [a: string, b: string, c: string, d: string];

/** Analogies of one kind. */
export interface AnalogySection {
  /** Such as `capital-world`. */
  readonly name: string;
  /** Its analogies. */
  readonly analogies: readonly Analogy[];
}

/** How analogies are evaluated. */
export interface AnalogyEvaluationOptions extends EvaluatedWords {
  /** `3CosAdd` by default. */
  readonly method?: AnalogyMethod;
  /** What becomes of analogies with unknown words: left out by default, or wrong. */
  readonly unknown?: 'skip' | 'wrong';
  /** Stops the evaluation; what it is aborted with is thrown. */
  readonly signal?: AbortSignal;
  /** Called with the share done, 0 to 1. */
  readonly onProgress?: (share: number) => void;
}

/** How many analogies were answered rightly. */
export interface AnalogyScore {
  /** Answered rightly. */
  readonly correct: number;
  /** Answered, or counted as wrong. */
  readonly used: number;
  /** With a word that is unknown. */
  readonly unknown: number;
  /** `correct` of `used`, 0 to 1, with Wilson's interval of 95 %; NaN where none was used. */
  readonly accuracy: Estimate;
}

/** A section's score. */
export interface AnalogySectionScore extends AnalogyScore {
  /** Such as `capital-world`. */
  readonly name: string;
}

/** The score of all analogies. */
export interface AnalogyEvaluation extends AnalogyScore {
  /** By section, in the order given. */
  readonly sections: readonly AnalogySectionScore[];
  /** Share of all analogies with a word that is unknown, 0 to 1. */
  readonly unknownShare: number;
  /** Words were looked for among so many of the most frequent ones, and answers too. */
  readonly mostFrequent: number;
}

/**
 * Analogies of a text in the form of questions-words.txt: `: name` begins a section, every other line has four words between
 * spaces or tabs. Empty lines are none.
 * @throws UnrolledError `EVALUATION_DATA_INVALID`, with the line
 */
export function parseAnalogies(text: string): readonly AnalogySection[] {
  const sections: { name: string; analogies: Analogy[] }[] = [];
  const refuse = (index: number, problem: string) => {
    throw new UnrolledError('EVALUATION_DATA_INVALID', `Line ${index + 1} ${problem}.`, {
      mend: 'Give a text in the form of questions-words.txt.',
    });
  };
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    const words = line.split(/[ \t]+/).filter((word) => word !== '');
    if (words.length === 0) continue;
    if (line.startsWith(':')) {
      sections.push({ name: line.slice(1).trim(), analogies: [] });
      continue;
    }
    if (words.length !== 4) refuse(index, `must have four words, but is ${JSON.stringify(line.slice(0, 80))}`);
    if (sections.length === 0) refuse(index, 'comes before the first section, a line such as ": capital-world"');
    sections.at(-1)?.analogies.push(words as unknown as Analogy);
  }
  return sections;
}

/**
 * Answers analogies with the nearest word that is none of the three given, as gensim's `evaluate_word_analogies` does.
 * @param sections - sections, or a text of them as {@link parseAnalogies} reads it.
 * @throws UnrolledError `EVALUATION_DATA_INVALID` for a bad line, or for no analogies at all; `OPTION_INVALID`
 */
export async function evaluateAnalogies(
  vectors: KeyedVectors,
  sections: string | readonly AnalogySection[],
  options: AnalogyEvaluationOptions = {},
): Promise<AnalogyEvaluation> {
  const { mostFrequent = MOST_FREQUENT, ignoreCase = true, method = '3CosAdd', unknown = 'skip' } = options;
  checkWhole('mostFrequent', mostFrequent);
  const given = typeof sections === 'string' ? parseAnalogies(sections) : sections;
  const total = given.reduce((sum, { analogies }) => sum + analogies.length, 0);
  if (total === 0)
    throw new UnrolledError('EVALUATION_DATA_INVALID', 'There are no analogies.', {
      mend: 'Give some, or a text with lines of four words.',
    });
  const words = wordRows(vectors, { mostFrequent, ignoreCase });
  const questions = given.map(({ analogies }) => analogies.map((analogy) => questionOf(analogy, words)));
  const asked = questions.flat().filter((question) => question !== undefined);
  const right = await answer(vectors, asked, {
    ...options,
    method,
    rows: Math.min(vectors.words.length, mostFrequent),
  });
  const scores = given.map(({ name }, index) => ({ name, ...scoreOf(questions[index] ?? [], right, unknown) }));
  const all = scoreOf(questions.flat(), right, unknown);
  return { ...all, sections: scores, unknownShare: all.unknown / total, mostFrequent };
}

/** Undefined where a word is unknown. */
function questionOf(analogy: Analogy, { fold, rows }: WordRows): Question | undefined {
  const [a, b, c, d] = analogy.map((word) => rows.get(fold(word)));
  if (!a || !b || !c || !d) return undefined;
  return { a: a[0] as number, b: b[0] as number, c: c[0] as number, expected: d, but: [...a, ...b, ...c] };
}

function scoreOf(
  questions: readonly (Question | undefined)[],
  right: ReadonlySet<Question>,
  treatment: 'skip' | 'wrong',
): AnalogyScore {
  const unknown = questions.filter((question) => question === undefined).length;
  const correct = questions.filter((question) => question && right.has(question)).length;
  const used = questions.length - (treatment === 'skip' ? unknown : 0);
  return { correct, used, unknown, accuracy: wilson(correct, used) };
}

/** Of the normal distribution, for 95 %. */
const Z = 1.959963984540054;

/** A share and its interval. Source: Wilson (1927), Probable inference, the law of succession, and statistical inference. */
function wilson(correct: number, count: number): Estimate {
  if (count === 0) return { value: Number.NaN, low: Number.NaN, high: Number.NaN };
  const share = correct / count;
  const spread = (Z * Z) / count;
  const centre = (share + spread / 2) / (1 + spread);
  const half = Math.sqrt(spread * (share * (1 - share) + spread / 4)) / (1 + spread);
  return { value: share, low: Math.max(0, centre - half), high: Math.min(1, centre + half) };
}
