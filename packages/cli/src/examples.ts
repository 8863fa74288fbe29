// What `example` needs of the package that holds the examples. A program hands it in, so that this package does not bring it.
import type { Json } from '@unrolled/core';

/** The examples of a program; the package `@unrolled/examples` fits. */
export interface ProgramExamples {
  /** All of them. */
  readonly examples: readonly ProgramExample[];
}

/** One example. */
export interface ProgramExample {
  /** What it is called. */
  readonly name: string;
  /** One line about it. */
  readonly summary: string;
  /** Packages of the data that it reads. */
  readonly data: readonly string[];
  /** Trains and measures. */
  readonly run: (context: {
    readonly seed: number;
    readonly epochs?: number;
    readonly limit?: number;
    readonly print: (line: string) => void;
    readonly note: (line: string) => void;
    readonly progress?: (line: string) => void;
    readonly signal?: AbortSignal;
  }) => Promise<{ readonly name: string; readonly measures: Readonly<Record<string, Json>> }>;
}
