// Pre-tokenizers of a tokenizer.json: how text is cut into words, with places. Patterns are read by @huggingface/tokenizers.
import { describe } from '@unrolled/core';
import { splitPattern } from '../huggingface.ts';
import { invalid } from '../invalid.ts';
import type { StepJson } from '../tokenizer-json.ts';
import { type Aligned, prepend, replaceAll } from './aligned.ts';
import { wordEnd } from './byte-level-words.ts';
import { type Behavior, behaviors, type Cut, cutAt } from './cut.ts';

/** One way of cutting: perhaps a change of the text, then the cuts. */
export interface Cutting {
  /** Changes the piece before it is cut. */
  readonly change?: (piece: Aligned) => Aligned;
  /** Where the text is cut; left out where it stays whole. */
  readonly cut?: Cut;
}

/** The cuttings one after the other, and whether the model sees bytes. */
export interface PreTokenizer {
  /** Each cuts the pieces of the one before it. */
  readonly cuttings: readonly Cutting[];
  /** Whether words are read as bytes. */
  readonly bytes: boolean;
}

/** @throws UnrolledError `TOKENIZER_INVALID` */
export function readPreTokenizer(step: StepJson | null | undefined): PreTokenizer {
  const all = steps(step);
  const bytes = all.findIndex(({ type }) => type === 'ByteLevel');
  if (bytes >= 0 && bytes < all.length - 1)
    throw invalid('its pre-tokenizer cuts bytes again after ByteLevel.', 'Put ByteLevel last.');
  return { cuttings: all.map(readStep), bytes: bytes >= 0 };
}

function steps(step: StepJson | null | undefined): readonly StepJson[] {
  if (!step) return [];
  return step.type === 'Sequence' ? ((step.pretokenizers ?? []) as readonly StepJson[]).flatMap(steps) : [step];
}

// As Rust's regular expressions read \w and \s.
const word = String.raw`\p{Alphabetic}\p{M}\p{Nd}\p{Pc}\p{Join_Control}`;
const space = String.raw`\p{White_Space}`;
const punctuation = String.raw`\p{P}!-\/:-@\[-\x60\{-~`;

function readStep(step: StepJson): Cutting {
  switch (step.type) {
    case 'ByteLevel':
      return {
        ...(step.add_prefix_space === true && { change: (piece) => beginning(piece, ' ') }),
        ...(step.use_regex !== false && { cut: cutWords }),
      };
    case 'Whitespace':
      return { cut: cutAt(new RegExp(`[${word}]+|[^${word}${space}]+`, 'gu'), 'Removed', true) };
    case 'WhitespaceSplit':
      return { cut: cutAt(new RegExp(`[${space}]`, 'gu'), 'Removed') };
    case 'BertPreTokenizer':
      return { cut: cutAt(new RegExp(`[${punctuation}]|[^${punctuation}${space}]+`, 'gu'), 'Removed', true) };
    case 'Punctuation':
      return { cut: cutAt(new RegExp(`[${punctuation}]`, 'gu'), behaviorOf(step, 'Isolated')) };
    case 'Digits':
      return { cut: cutAt(/\p{N}/gu, step.individual_digits ? 'Isolated' : 'Contiguous') };
    case 'CharDelimiterSplit':
      return { cut: cutAt(patternOf({ String: step.delimiter }), 'Removed') };
    case 'Split':
      return { cut: cutAt(patternOf(step.pattern), behaviorOf(step), step.invert === true) };
    case 'FixedLength':
      return { cut: cutAt(fixedLength(step.length), 'Isolated') };
    case 'Metaspace':
      return metaspace(step);
    default:
      throw invalid(
        `its pre-tokenizer is ${describe(step.type)}, which is not known.`,
        'Take ByteLevel, Metaspace, Whitespace, BertPreTokenizer or Split.',
      );
  }
}

/** The pieces of GPT-2's pattern. */
const cutWords: Cut = (text, emit) => {
  for (let start = 0; start < text.length; ) {
    const end = wordEnd(text, start);
    emit(start, end);
    start = end;
  }
};

/** With `mark` before it, unless it is there. */
function beginning(piece: Aligned, mark: string): Aligned {
  return piece.text.startsWith(mark) ? piece : prepend(piece, mark);
}

function metaspace(step: StepJson): Cutting {
  const mark = String(step.replacement ?? '▁');
  const scheme = step.prepend_scheme ?? (step.add_prefix_space === false ? 'never' : 'always');
  const marks = patternOf({ String: mark });
  return {
    change: (piece) => {
      const marked = replaceAll(piece, / /gu, mark);
      const first = scheme === 'always' || (scheme === 'first' && piece.startAt(0) === 0);
      return first ? beginning(marked, mark) : marked;
    },
    ...(step.split !== false && { cut: cutAt(marks, 'MergedWithNext') }),
  };
}

function behaviorOf({ type, behavior }: StepJson, otherwise?: Behavior): Behavior {
  const given = behavior ?? otherwise;
  const found = behaviors.find((one) => one.toLowerCase() === String(given).toLowerCase());
  if (found) return found;
  throw invalid(`${type} has the behavior ${describe(given)}.`, `Take one of ${behaviors.join(', ')}.`);
}

function fixedLength(length: unknown): RegExp {
  if (Number.isInteger(length) && (length as number) > 0) return new RegExp(`[\\s\\S]{1,${length}}`, 'gu');
  throw invalid(`FixedLength has the length ${describe(length)}.`, 'Give a whole number of at least 1.');
}

function patternOf(pattern: unknown): RegExp {
  const given = (pattern ?? {}) as { readonly String?: unknown; readonly Regex?: unknown };
  if (typeof given.String !== 'string' && typeof given.Regex !== 'string')
    throw invalid(`a pattern must be {"String": …} or {"Regex": …}, but ${describe(pattern)} was found.`, 'Give one.');
  try {
    return splitPattern(given);
  } catch (error) {
    throw invalid(
      `the pattern ${describe(given.Regex ?? given.String)} can't be read: ${(error as Error).message}.`,
      'Write it without what JavaScript lacks.',
      error,
    );
  }
}
