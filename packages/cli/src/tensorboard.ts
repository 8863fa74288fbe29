// Event files of a run, for TensorBoard.
import { resolve } from 'node:path';
import type { Run } from '@unrolled/core';
import { tensorBoard } from '@unrolled/tensorboard';
import type { Context } from './context.ts';
import type { Flag } from './flags/flag.ts';
import { usageError } from './usage.ts';

/** Flags about TensorBoard. */
export const TENSORBOARD_FLAGS: readonly Flag[] = [
  { name: 'tensorboard', value: 'FOLDER', description: 'write event files there, for tensorboard --logdir FOLDER' },
  { name: 'tensorboard-every', value: 'N', description: 'updates from one point to the next; default 10' },
];

/** What a run becomes: with --tensorboard, one that writes its progress. @throws UnrolledError `FLAG_INVALID` */
export function followerOf({ values, io }: Context): (run: Run) => Run {
  const folder = values.text('tensorboard');
  const every = values.integer('tensorboard-every', 1);
  if (folder !== undefined)
    return (run) => tensorBoard(run, resolve(io.cwd, folder), every === undefined ? {} : { every });
  if (every === undefined) return (run) => run;
  throw usageError('FLAG_INVALID', '--tensorboard-every needs a folder.', 'Add for example --tensorboard logs.');
}
