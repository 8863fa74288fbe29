// What the command line touches of the world, as one value, so that tests run the real thing in-process.
import { getEventListeners } from 'node:events';
import { constants } from 'node:os';
import type { Readable, Writable } from 'node:stream';

/** Streams, terminal, folder and environment of one call of {@link run}. */
export interface Io {
  /** Read where a path is `-`. */
  readonly stdin: Readable;
  /** Results only. */
  readonly stdout: Writable;
  /** Progress, notes and errors. */
  readonly stderr: Writable;
  /** Whether stdin is typed by a person. */
  readonly stdinIsTerminal: boolean;
  /** Whether stderr is a terminal: a progress bar is drawn there. */
  readonly stderrIsTerminal: boolean;
  /** Whether stdout is a terminal: colours are used there. */
  readonly stdoutIsTerminal: boolean;
  /** Width of the terminal in characters. */
  readonly columns: number;
  /** Aborted at the first Ctrl-C: stop after the current step and save. */
  readonly signal: AbortSignal;
  /** Folder that paths start from. */
  readonly cwd: string;
  /** Environment variables; NO_COLOR and FORCE_COLOR are read. */
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** Exit codes of the command line. */
export const EXIT = { done: 0, error: 1, usage: 2, interrupted: 128 + constants.signals.SIGINT } as const;

/**
 * The io of this process. The first SIGINT or SIGTERM aborts `signal`; a second one, or the first
 * where nobody listens to `signal` (nothing is to be saved), leaves at once with code 130, which is safe since files are put
 * in place by one rename.
 * @returns the io, and `release`, which takes the handlers off again.
 */
export function processIo(): {
  readonly io: Io;
  /** Takes the handlers off again. */
  readonly release: () => void;
} {
  const controller = new AbortController();
  const interrupt = () => {
    const nobodyStops = getEventListeners(controller.signal, 'abort').length === 0;
    if (controller.signal.aborted || nobodyStops) process.exit(EXIT.interrupted);
    controller.abort();
  };
  process.on('SIGINT', interrupt).on('SIGTERM', interrupt);
  const io: Io = {
    stdin: process.stdin,
    stdout: process.stdout,
    stderr: process.stderr,
    stdinIsTerminal: process.stdin.isTTY === true,
    stderrIsTerminal: process.stderr.isTTY === true,
    stdoutIsTerminal: process.stdout.isTTY === true,
    columns: process.stderr.columns || process.stdout.columns || 80,
    signal: controller.signal,
    cwd: process.cwd(),
    env: process.env,
  };
  return { io, release: () => process.off('SIGINT', interrupt).off('SIGTERM', interrupt) };
}
