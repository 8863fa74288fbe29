// Where a run is saved: the model folder, and beside it the checkpoints of the run under way, MODEL.checkpoint.
import { mkdtemp, readdir, realpath, rm, rmdir, stat } from 'node:fs/promises';
import { dirname, join, normalize, resolve } from 'node:path';
import { type FitSettings, type Pipeline, UnrolledError } from '@unrolled/core';
import { folderCheckpoints } from '@unrolled/core/node';
import type { Context } from './context.ts';
import type { Flag } from './flags/flag.ts';

/** Flags about saving. */
export const OUT_FLAGS: readonly Flag[] = [
  { name: 'out', value: 'FOLDER', description: 'where the model goes; default model' },
  {
    name: 'resume',
    description: 'go on with the run that was stopped or killed, or with more --epochs; --no-resume forgets it',
  },
  { name: 'checkpoint-every', value: 'N', description: 'updates between checkpoints; default every epoch' },
  { name: 'slim', description: 'save no checkpoint with the model, which only further training needs' },
];

/** Where a run is saved. */
export interface Place {
  /** The model folder, as it was named. */
  readonly folder: string;
  /** For `fit`. */
  readonly checkpoint: NonNullable<FitSettings['checkpoint']>;
  /** For `fit`. */
  readonly resume: FitSettings['resume'];
  /** Whether there is a checkpoint of a run that is not over. */
  readonly hasCheckpoint: () => Promise<boolean>;
  /**
   * Saves the model. Its run's checkpoints go where it is finished; those of one that was stopped stay, so that the same line
   * can't write over them unasked.
   */
  readonly save: (pipeline: Pipeline, finished: boolean) => Promise<void>;
  /** Saves weights alone, where there is no room for more. */
  readonly rescue: (pipeline: Pipeline) => Promise<void>;
}

/**
 * Looks at what is there before anything is computed.
 * @throws UnrolledError `MODEL_PATH_OCCUPIED`, `MODEL_WRITE_FAILED`, or `CHECKPOINT_EXISTS` where a killed run left one and --resume was not said
 */
export async function openPlace({ values, io, output, program }: Context): Promise<Place> {
  const folder = normalize(values.text('out') ?? 'model').replace(/[\\/]+$/, '');
  const path = resolve(io.cwd, folder);
  const checkpoints = `${path}.checkpoint`;
  const updates = values.integer('checkpoint-every', 1);
  const slim = values.flag('slim') === true;
  await checkFree(path, folder);
  await checkWritable(path, folder);
  const hasCheckpoint = async () => (await folderCheckpoints(checkpoints).read()) !== undefined;
  const resume = await findResume();
  if (resume === undefined) await tellOfReplacing();
  return {
    folder,
    hasCheckpoint,
    checkpoint: { to: checkpoints, ...(updates !== undefined && { every: { updates } }) },
    resume,
    save: async (pipeline, finished) => {
      await pipeline.save(path, { slim });
      if (finished) await rm(checkpoints, { recursive: true, force: true });
    },
    rescue: (pipeline) => pipeline.save(path, { slim: true }),
  };

  async function findResume(): Promise<FitSettings['resume']> {
    const asked = values.flag('resume');
    const left = asked !== false && (await hasCheckpoint());
    if (left && asked === undefined)
      throw new UnrolledError('CHECKPOINT_EXISTS', `${folder}.checkpoint holds a run that was not finished.`, {
        mend: `Add --resume to go on with it, or --no-resume to forget it and start afresh.`,
        data: { path: checkpoints, program: program.name },
      });
    if (asked !== true) return undefined;
    if (left) return checkpoints;
    if ((await folderCheckpoints(path).read()) !== undefined) return path;
    output.note(`There is no checkpoint in ${folder} yet; the run starts afresh.`);
    return undefined;
  }

  async function tellOfReplacing(): Promise<void> {
    const old = await stat(join(path, 'manifest.json')).catch(() => undefined);
    if (!old) return;
    const when = old.mtime.toISOString().slice(0, 16).replace('T', ' ');
    output.note(`${folder} holds a model saved ${when} UTC: it will be replaced. --out FOLDER names another place.`);
  }
}

/** Refuses a place where saving would fail, before hours are spent. Saving itself looks more closely. */
async function checkFree(path: string, folder: string): Promise<void> {
  const found = await stat(path).catch(() => undefined);
  if (!found) return;
  const names = found.isDirectory() ? await readdir(path) : undefined;
  if (names && (names.length === 0 || names.includes('manifest.json'))) return;
  const what = names ? `holds ${JSON.stringify(names[0])}, which no model folder has` : 'is a file';
  throw new UnrolledError('MODEL_PATH_OCCUPIED', `${folder} ${what}.`, {
    mend: `Name a new folder with --out, for example --out ${join(folder, 'model')}.`,
    data: { path },
  });
}

/** Makes a folder where the model's would be made, since a root that reads alone can't be told from permissions. */
async function checkWritable(path: string, folder: string): Promise<void> {
  let above = dirname(await realpath(path).catch(() => path));
  while (!(await stat(above).catch(() => undefined)) && above !== dirname(above)) above = dirname(above);
  try {
    await rmdir(await mkdtemp(join(above, '.unrolled-')));
  } catch (cause) {
    throw new UnrolledError(
      'MODEL_WRITE_FAILED',
      `No model can be written to ${folder}: ${(cause as Error).message}.`,
      {
        mend: 'Name a folder where you may write, for example --out model.',
        data: { path, systemCode: (cause as NodeJS.ErrnoException).code ?? 'unknown' },
        cause,
      },
    );
  }
}
