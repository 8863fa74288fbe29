// What an example is to be learned by: its label, the labels of its steps, the tokens that are to be generated, or its number.

import type { Example, Learns, TokenizerInstance } from '../contracts/plugins.ts';
import { counted } from '../counted.ts';
import { UnrolledError } from '../errors.ts';
import { describe } from '../options.ts';

/** How targets are read. */
export interface TargetReading {
  /** Of the task. */
  readonly learns: Learns;
  /** Text → tokens of what is to be generated; undefined for other tasks. */
  readonly targetTokenizer: TokenizerInstance | undefined;
}

/**
 * The targets of an example as texts: one label, a label for each of its `steps`, the tokens of its target; none where the next
 * token of the example itself is learned, or a number.
 * @throws UnrolledError `LABEL_MISSING`, `LABELS_MISMATCH`, `TARGET_MISSING`, `TARGET_EMPTY`, `EXAMPLE_INVALID`
 */
export function readTargets(
  { learns, targetTokenizer }: TargetReading,
  example: Example,
  steps: number,
  place: string,
): readonly string[] {
  switch (learns) {
    case 'label':
      return [labelOf(example, place)];
    case 'labels':
      return labelsOf(example, steps, place);
    case 'next':
    case 'number':
      return [];
    case 'sequence':
      return targetTokens(example, targetTokenizer as TokenizerInstance, place);
  }
}

/** Beyond it a square may be no number any more. */
const largest = 1e150;

/** The number of an example. @throws UnrolledError `NUMBER_MISSING`, `EXAMPLE_INVALID` */
export function numberOf({ number }: Example, place: string): number {
  if (typeof number === 'number' && Math.abs(number) <= largest) return number;
  if (number === undefined || number === null)
    throw new UnrolledError('NUMBER_MISSING', `${place} has no number to learn.`, {
      mend: 'Give it as { text: "…", number: 3.5 }, or leave the example out.',
    });
  throw new UnrolledError(
    'EXAMPLE_INVALID',
    `${place} has the number ${describe(number)}, but a finite number is learned.`,
    {
      mend: typeof number === 'string' ? plainly(number) : 'Give a finite number, of at most 1e150 either way.',
    },
  );
}

function plainly(text: string): string {
  return text.trim() !== '' && Number.isFinite(Number(text))
    ? `Write it without quotes: ${Number(text)}.`
    : 'Give a number, such as 3.5, not a text.';
}

function labelOf({ label }: Example, place: string): string {
  if (typeof label === 'string' && label !== '') return label;
  if (label === undefined || label === null || label === '')
    throw new UnrolledError('LABEL_MISSING', `${place} has no label.`, { mend: 'Give it one or leave it out.' });
  throw new UnrolledError('EXAMPLE_INVALID', `${place} has the label ${describe(label)}, but a label is a text.`, {
    mend: `Write it as ${JSON.stringify(String(label))}.`,
  });
}

function labelsOf({ labels }: Example, steps: number, place: string): readonly string[] {
  if (!Array.isArray(labels))
    throw new UnrolledError('LABEL_MISSING', `${place} has no labels of its steps: ${describe(labels)} was given.`, {
      mend: 'Give it labels: ["…", …], one for each step, or leave it out.',
    });
  const wrong = labels.findIndex((label) => typeof label !== 'string' || label === '');
  if (wrong >= 0)
    throw new UnrolledError('EXAMPLE_INVALID', `${place}: label ${wrong + 1} is ${describe(labels[wrong])}.`, {
      mend: 'A label is a text that is not empty.',
    });
  if (labels.length === steps) return labels;
  throw new UnrolledError(
    'LABELS_MISMATCH',
    `${place} has ${counted(steps, 'step')}, but ${counted(labels.length, 'label')}.`,
    {
      mend: 'Give one label for each step; where the text was split by hand, give its tokens too: { tokens: […], labels: […] }.',
      data: { steps, labels: labels.length },
    },
  );
}

function targetTokens({ target }: Example, tokenizer: TokenizerInstance, place: string): readonly string[] {
  if (typeof target !== 'string')
    throw new UnrolledError('TARGET_MISSING', `${place} has no target: ${describe(target)} was given.`, {
      mend: 'Give the text to be generated as { text: "…", target: "…" }.',
    });
  const tokens = tokenizer.tokenize(target).map((token) => token.text);
  if (tokens.length > 0) return tokens;
  throw new UnrolledError('TARGET_EMPTY', `${place} has a target without a token: ${describe(target)}.`, {
    mend: 'Fill it in or leave the example out.',
  });
}
