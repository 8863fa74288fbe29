// n-grams of runs of units: which, and in what order.
import type { Token } from '@unrolled/core';

/** Which n-grams to make of a run. */
export interface NgramSizes {
  /** Least number of units. */
  readonly from: number;
  /** Greatest number of units. */
  readonly to: number;
  /** Most units left out inside. */
  readonly skip: number;
}

/** Runs of units, and how to read them. */
export interface Units {
  /** Runs of neighbouring units: no n-gram reaches over the end of one. */
  readonly runs: readonly (readonly Token[])[];
  /** What stands between units in an n-gram's text. */
  readonly separator: string;
  /** Whether a run that is too short for any n-gram is one itself. */
  readonly shortAreWhole: boolean;
}

/** By number of units, then by where they begin, then the closest together first. */
export function bySize({ runs, separator, shortAreWhole }: Units, { from, to, skip }: NgramSizes): Token[] {
  const found: Token[] = [];
  const longest = runs.reduce((most, { length }) => Math.max(most, length), shortAreWhole ? from : 0);
  for (let size = from; size <= Math.min(to, longest); size++)
    for (const run of runs) {
      for (let first = 0; first + size <= run.length; first++) addFrom(found, run, first, size, skip, separator);
      if (shortAreWhole && size === from && run.length < from) found.push(neighbours(run, 0, run.length, separator));
    }
  return found;
}

/** By where they begin, then by number of units, then the closest together first. */
export function byPosition({ runs, separator, shortAreWhole }: Units, { from, to, skip }: NgramSizes): Token[] {
  const found: Token[] = [];
  for (const run of runs) {
    for (let first = 0; first + from <= run.length; first++)
      for (let size = from; size <= Math.min(to, run.length - first); size++)
        addFrom(found, run, first, size, skip, separator);
    if (shortAreWhole && run.length < from) found.push(neighbours(run, 0, run.length, separator));
  }
  return found;
}

/** The n-grams of `size` units whose first is `first`: the one of neighbours, then those that leave out up to `skip` units. */
function addFrom(
  found: Token[],
  run: readonly Token[],
  first: number,
  size: number,
  skip: number,
  separator: string,
): void {
  found.push(neighbours(run, first, size, separator));
  if (skip === 0 || size === 1) return;
  const last = Math.min(run.length - 1, first + size - 1 + skip);
  const chosen = Array.from({ length: size }, (_, index) => first + index);
  while (moveOn(chosen, last))
    found.push(
      joined(
        chosen.map((place) => run[place] as Token),
        separator,
      ),
    );
}

function neighbours(run: readonly Token[], first: number, size: number, separator: string): Token {
  const { text, start } = run[first] as Token;
  let all = text;
  for (let place = first + 1; place < first + size; place++) all += separator + (run[place] as Token).text;
  return { text: all, start, end: (run[first + size - 1] as Token).end };
}

function joined(units: readonly Token[], separator: string): Token {
  const [first, last] = [units[0] as Token, units[units.length - 1] as Token];
  return { text: units.map(({ text }) => text).join(separator), start: first.start, end: last.end };
}

/** Moves on to the next choice of places up to `last`, the first of them held; false where there is none. */
function moveOn(chosen: number[], last: number): boolean {
  let moving = chosen.length - 1;
  while (moving > 0 && (chosen[moving] as number) === last - (chosen.length - 1 - moving)) moving--;
  if (moving === 0) return false;
  const place = (chosen[moving] as number) + 1;
  for (let index = moving; index < chosen.length; index++) chosen[index] = place + index - moving;
  return true;
}
