// Labels and their class numbers: declared in the manifest or learned from the examples.
import { compareCodePoints } from '../compare-code-points.ts';
import type { Learns } from '../contracts/plugins.ts';
import { UnrolledError } from '../errors.ts';
import { nearest } from '../nearest.ts';
import { describe } from '../options.ts';

/** Stored label → shown label. */
export interface LabelPair {
  /** As the data write it. */
  readonly stored: string;
  /** As predictions and evaluations write it. */
  readonly shown: string;
}

/** Labels in the order of class numbers. */
export interface LabelTable {
  /** Class number → stored and shown label. */
  readonly pairs: readonly LabelPair[];
  /** Class number → shown label. */
  readonly shown: readonly string[];
  /** Class number of a label as the data write it. @throws UnrolledError `LABEL_UNKNOWN`, naming `place`. */
  readonly classOf: (stored: string, place: string) => number;
}

/** Whether what is learned are labels, not tokens or numbers. */
export function learnsLabels(learns: Learns): boolean {
  return learns === 'label' || learns === 'labels';
}

/** The table of these pairs. A label may be given stored or shown. */
export function labelTable(pairs: readonly LabelPair[]): LabelTable {
  const shown = pairs.map((pair) => pair.shown);
  const classes = new Map(shown.map((label, index) => [label, index]));
  for (const [index, { stored }] of pairs.entries()) classes.set(stored, index);
  const classOf = (label: string, place: string): number => {
    const found = classes.get(label);
    if (found !== undefined) return found;
    const near = nearest(label, classes.keys());
    throw new UnrolledError('LABEL_UNKNOWN', `${place} has the label ${describe(label)}, which is not known.`, {
      mend: `${near === undefined ? '' : `Did you mean ${describe(near)}? `}Known labels are ${listed(pairs)}.`,
      data: { label, known: pairs.map(({ stored }) => stored) },
    });
  };
  return { pairs, shown, classOf };
}

/** The table of the labels that the examples have, sorted by code point, so that the order of the data decides nothing. */
export function learnLabels(stored: Iterable<string>): LabelTable {
  const distinct = [...new Set(stored)].sort(compareCodePoints);
  return labelTable(distinct.map((label) => ({ stored: label, shown: label })));
}

function listed(pairs: readonly LabelPair[]): string {
  const names = pairs.map(({ stored, shown }) =>
    stored === shown ? describe(stored) : `${describe(stored)} (${shown})`,
  );
  return names.length > 20 ? `${names.slice(0, 20).join(', ')} and ${names.length - 20} more` : names.join(', ');
}
