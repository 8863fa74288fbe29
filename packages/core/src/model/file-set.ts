// A set of files with one JSON file at its head that names the others with their sizes and checksums.
import { counted } from '../counted.ts';
import { UnrolledError } from '../errors.ts';
import { canonicalJson } from '../files/canonical-json.ts';
import { sha256 } from '../files/checksum.ts';
import type { Json } from '../options.ts';

/** What the head knows of another file. */
export interface FileEntry {
  /** Its size. */
  readonly bytes: number;
  /** SHA-256 in hexadecimal. */
  readonly sha256: string;
}

/** Files by path, `/` between folders. */
export type Files = ReadonlyMap<string, Uint8Array>;

/** What the set is, for messages and codes. */
export interface SetKind {
  /** `model` or `checkpoint`. */
  readonly noun: string;
  /** The head's file name. */
  readonly head: string;
  /** The head's `format`. */
  readonly format: string;
  /** The newest version that can be read. */
  readonly version: number;
  /** First word of error codes: `MODEL`. */
  readonly code: string;
}

/** Indented UTF-8 JSON, with a newline at the end. */
export function encodeJson(value: unknown): Uint8Array {
  return new TextEncoder().encode(`${JSON.stringify(value, undefined, 2)}\n`);
}

/** The set: its head with a list of the other files and a checksum of its own, and those. */
export function sealFiles(kind: SetKind, head: object, files: Files): Map<string, Uint8Array> {
  const list = Object.fromEntries(
    [...files].map(([path, bytes]): [string, FileEntry] => [path, { bytes: bytes.length, sha256: sha256(bytes) }]),
  );
  const { format, version } = kind;
  const plain = JSON.parse(JSON.stringify({ format, version, ...head, files: list }));
  return new Map([[kind.head, encodeJson({ ...plain, checksum: checksumOf(plain) })], ...files]);
}

/** Of the head's canonical JSON without it, so that white space and the order of keys may change. */
function checksumOf(head: Readonly<Record<string, Json>>): string {
  return `sha256:${sha256(canonicalJson(head))}`;
}

/**
 * Reads the head and checks it, where it has a checksum, and the files that it lists. Files that are not listed are left alone.
 * @throws UnrolledError `…_INCOMPLETE`, `…_CORRUPT`, `…_NEWER`
 */
export function openFiles(kind: SetKind, files: Files): Readonly<Record<string, Json>> {
  const bytes = files.get(kind.head);
  if (!bytes) throw incomplete(kind, kind.head);
  const head = decodeJson(kind, kind.head, bytes);
  if (!isRecord(head) || head.format !== kind.format || typeof head.version !== 'number')
    throw corrupt(kind, kind.head, `it is not the head of an Unrolled ${kind.noun}`);
  if (head.version > kind.version)
    throw new UnrolledError(
      `${kind.code}_NEWER`,
      `The ${kind.noun} has format version ${head.version}, but these packages read up to version ${kind.version}.`,
      { mend: 'Update the @unrolled packages.', data: { given: head.version, expected: kind.version } },
    );
  checkHead(kind, head);
  if (!isRecord(head.files)) throw corrupt(kind, kind.head, 'it lists no files');
  for (const [path, entry] of Object.entries(head.files)) checkFile(kind, files, path, entry);
  return head;
}

/** Heads that were written before they had a checksum have none. */
function checkHead(kind: SetKind, { checksum, ...head }: Readonly<Record<string, Json>>): void {
  if (checksum === undefined || checksum === checksumOf(head)) return;
  throw new UnrolledError(`${kind.code}_CORRUPT`, `${kind.head} of the ${kind.noun} is not what its checksum says.`, {
    mend: `Copy the ${kind.noun} again from where it was made; where it was changed on purpose, take "checksum" out.`,
    data: { file: kind.head },
  });
}

/** The JSON of one file. @throws UnrolledError `…_CORRUPT` */
export function decodeJson(kind: SetKind, path: string, bytes: Uint8Array): Json {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (cause) {
    throw corrupt(kind, path, 'it is not JSON in UTF-8', cause);
  }
}

/** A file that must be there. @throws UnrolledError `…_INCOMPLETE` */
export function fileOf(kind: SetKind, files: Files, path: string): Uint8Array {
  const bytes = files.get(path);
  if (!bytes) throw incomplete(kind, path);
  return bytes;
}

/** The error `…_CORRUPT`, naming the file. */
export function corrupt(kind: SetKind, path: string, problem: string, cause?: unknown): UnrolledError {
  return new UnrolledError(`${kind.code}_CORRUPT`, `${path} of the ${kind.noun} is damaged: ${problem}.`, {
    mend: `Copy the ${kind.noun} again from where it was made, or make it anew.`,
    data: { file: path },
    cause,
  });
}

function checkFile(kind: SetKind, files: Files, path: string, entry: Json | undefined): void {
  const bytes = files.get(path);
  if (!bytes) throw incomplete(kind, path);
  if (!isRecord(entry)) throw corrupt(kind, kind.head, `it says nothing of ${path}`);
  if (entry.bytes !== bytes.length)
    throw corrupt(kind, path, `it has ${counted(bytes.length, 'byte')}, but ${kind.head} says ${entry.bytes}`);
  if (entry.sha256 !== sha256(bytes)) throw corrupt(kind, path, `its checksum is not the one in ${kind.head}`);
}

function incomplete(kind: SetKind, path: string): UnrolledError {
  return new UnrolledError(`${kind.code}_INCOMPLETE`, `The ${kind.noun} has no ${path}.`, {
    mend: `Copy all files of the ${kind.noun}.`,
    data: { file: path },
  });
}

/** Whether a value is a JSON object. */
export function isRecord(value: unknown): value is Readonly<Record<string, Json>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
