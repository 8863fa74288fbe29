// Splits examples into a training and a validation part, each label alike.
import { counted } from '../counted.ts';
import { UnrolledError } from '../errors.ts';
import { permutation } from '../random/permutation.ts';

/** Positions of both parts, each in the order of the data. */
export interface Split {
  /** Training part. */
  readonly training: Int32Array;
  /** Validation part. */
  readonly validation: Int32Array;
}

/**
 * Takes the share `fraction` of the examples for validation, from each class in proportion (largest remainders) and at
 * random by the seed; every class keeps at least one training example.
 * @param classes - class number of each example.
 * @throws UnrolledError `SPLIT_EMPTY` where the share comes to no example.
 */
export function stratifiedSplit(classes: Int32Array, count: number, fraction: number, seed: number): Split {
  const members: number[][] = Array.from({ length: count }, () => []);
  classes.forEach((label, position) => {
    members[label]?.push(position);
  });
  const shares = shareOut(
    members.map(({ length }) => length),
    fraction,
  );
  const chosen = new Uint8Array(classes.length);
  members.forEach((positions, label) => {
    const order = permutation(positions.length, seed, 'split', label);
    for (let taken = 0; taken < (shares[label] as number); taken += 1)
      chosen[positions[order[taken] as number] as number] = 1;
  });
  const all = Int32Array.from(classes.keys());
  const split = {
    training: all.filter((position) => chosen[position] === 0),
    validation: all.filter((position) => chosen[position] === 1),
  };
  if (split.validation.length > 0) return split;
  throw new UnrolledError(
    'SPLIT_EMPTY',
    `A validation share of ${fraction} of ${counted(classes.length, 'example')} leaves none to validate on.`,
    { mend: 'Give more examples, a larger share, or validation examples of their own.' },
  );
}

/** How many of each class to take: in proportion, the largest remainders rounded up, and never a whole class. */
function shareOut(sizes: readonly number[], fraction: number): number[] {
  const total = sizes.reduce((sum, size) => sum + size, 0);
  const exact = sizes.map((size) => size * fraction);
  const taken = exact.map((share, label) => Math.min(Math.floor(share), Math.max(0, (sizes[label] as number) - 1)));
  const remainder = (label: number): number => (exact[label] as number) - Math.floor(exact[label] as number);
  const order = [...sizes.keys()].sort((a, b) => remainder(b) - remainder(a) || a - b);
  let left = Math.round(total * fraction) - taken.reduce((sum, share) => sum + share, 0);
  for (const label of order) {
    if (left <= 0 || (taken[label] as number) + 1 >= (sizes[label] as number)) continue;
    taken[label] = (taken[label] as number) + 1;
    left -= 1;
  }
  return taken;
}
