// A folder per label → examples: data/positive/1.txt, or with splits data/train/positive/1.txt. One file is one text.
import { readdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { type Example, UnrolledError } from '@unrolled/core';
import type { Io } from '../io.ts';
import { readBytes } from './bytes.ts';
import { decode, type Encoding } from './decode.ts';

/** A text file below the folder that was named. */
interface TextFile {
  readonly path: string;
  readonly label?: string;
  readonly split?: string;
}

/**
 * Examples of a folder, sorted by path so that the order is the same everywhere. Texts right inside the folder have
 * no label. Files that don't end in .txt and hidden ones are left out.
 * @throws UnrolledError `FOLDER_INVALID` where there are no texts or they lie at several depths
 */
export async function* readFolder(
  folder: string,
  options: { readonly encoding?: Encoding | undefined; readonly labelled: boolean; readonly note: (s: string) => void },
  io: Io,
): AsyncGenerator<Example, void, void> {
  const files = await findTexts(folder, io);
  if (options.labelled && files[0]?.label === undefined)
    throw new UnrolledError('FOLDER_INVALID', `${folder} holds texts, but no folder per label.`, {
      mend: `Put them into folders named as the labels: ${join(folder, 'positive', '1.txt')}.`,
    });
  for (const { path, label, split } of files) {
    let text = '';
    const decoding = { name: path, encoding: options.encoding, note: options.note };
    for await (const piece of decode(readBytes(path, io), decoding)) text += piece;
    yield {
      text: text.replaceAll('\r\n', '\n'),
      ...(label !== undefined && { label }),
      ...(split !== undefined && { split }),
      origin: path,
    };
  }
}

/** Text files at the one depth where there are any: 0 without labels, 1 by label, 2 by split and label. */
async function findTexts(folder: string, io: Io): Promise<readonly TextFile[]> {
  const depths: TextFile[][] = [[], [], []];
  const walk = async (path: string, names: readonly string[]): Promise<void> => {
    const entries = await readdir(resolve(io.cwd, path), { withFileTypes: true });
    for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
      const inside = join(path, entry.name);
      if (entry.name.startsWith('.')) continue;
      if (entry.isDirectory() && names.length < 2) await walk(inside, [...names, entry.name]);
      else if (entry.name.endsWith('.txt')) depths[names.length]?.push(textFile(inside, names));
    }
  };
  await walk(folder, []);
  const labelled = [depths[1], depths[2]].filter((files) => files && files.length > 0) as TextFile[][];
  if (labelled.length > 1)
    throw new UnrolledError(
      'FOLDER_INVALID',
      `${folder} has texts both at ${labelled[0]?.[0]?.path} and at ${labelled[1]?.[0]?.path}.`,
      { mend: 'Keep them at one depth: LABEL/file.txt, or SPLIT/LABEL/file.txt.' },
    );
  const files = labelled[0] ?? depths[0];
  if (!files || files.length === 0)
    throw new UnrolledError('FOLDER_INVALID', `${folder} holds no .txt files.`, {
      mend: `A folder per label is expected: ${join(folder, 'positive', '1.txt')}.`,
    });
  return files;
}

function textFile(path: string, names: readonly string[]): TextFile {
  const [first, second] = names;
  if (second !== undefined) return { path, label: second, split: first as string };
  return first === undefined ? { path } : { path, label: first };
}
