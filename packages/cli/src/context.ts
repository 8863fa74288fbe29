// What a command is, and what it is given when it runs.
import type { AnyRegistry } from '@unrolled/core';
import type { LoadedConfig } from './config.ts';
import type { ProgramExamples } from './examples.ts';
import type { Flag, FlagValues } from './flags/flag.ts';
import type { Io } from './io.ts';
import type { Output } from './output.ts';
import type { Word2Vec } from './word2vec.ts';

/** The program that the commands belong to. */
export interface Program {
  /** What it is called on the command line. */
  readonly name: string;
  /** Its version. */
  readonly version: string;
  /** The manifest that flags start from; by default the first registered plug-in of each kind. */
  readonly manifest?: unknown;
  /** Loads what `embed train` trains with: `() => import('@unrolled/vectorizer-word2vec')`. */
  readonly word2vec?: () => Promise<Word2Vec>;
  /** Loads what `example` trains: `() => import('@unrolled/examples')`. */
  readonly examples?: () => Promise<ProgramExamples>;
}

/** What a command is given. */
export interface Context {
  readonly program: Program;
  /** With the plug-ins of the config file and of --plugin. */
  readonly registry: AnyRegistry;
  readonly io: Io;
  readonly output: Output;
  readonly values: FlagValues;
  readonly positionals: readonly string[];
  readonly config: LoadedConfig;
  /** Names of flags that short option flags must not take. */
  readonly taken: ReadonlySet<string>;
}

/** One command. */
export interface Command {
  /** As it is typed: `train`, `data check`. */
  readonly name: string;
  /** One line for the list of commands. */
  readonly summary: string;
  /** Its arguments, as usage shows them: `DATA [HELDOUT]`. */
  readonly usage: string;
  /** A few real lines, with what they do. */
  readonly examples: readonly (readonly [line: string, what: string])[];
  /** Groups of flags with their titles. */
  readonly flags: readonly { readonly title: string; readonly flags: readonly Flag[] }[];
  /** Whether it takes the flags that shape a manifest. */
  readonly shapesManifest: boolean;
  /** Whether it takes the options of tokenizers, without the rest of a manifest. */
  readonly takesTokenizer?: boolean;
  /** Least and most arguments. */
  readonly arguments: readonly [least: number, most: number];
  /** Does it. @returns the exit code */
  readonly run: (context: Context) => Promise<number>;
}
