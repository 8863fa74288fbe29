// Where results, notes and errors go: results to stdout, all else to stderr. A reader that went away is no error.
import type { Writable } from 'node:stream';
import { styleText } from 'node:util';
import { UnrolledError } from '@unrolled/core';
import type { Io } from './io.ts';

/** Styles that are used; plain text where colours are off. */
export type Style = 'bold' | 'dim' | 'red' | 'green' | 'yellow' | 'cyan';

/** How a command speaks. */
export interface OutputSettings {
  /** Results are JSON. */
  readonly json: boolean;
  /** No notes, no progress. */
  readonly quiet: boolean;
  /** Whether colours may be used at all. */
  readonly color: boolean;
}

/** Writes for one call of the command line. */
export class Output {
  readonly json: boolean;
  readonly quiet: boolean;
  private readonly io: Io;
  private readonly color: boolean;
  private gone = false;
  private failure: Error | undefined;
  private bar = '';

  constructor(io: Io, { json, quiet, color }: OutputSettings) {
    this.io = io;
    this.json = json;
    this.quiet = quiet;
    this.color = color;
  }

  /** Whether whoever read stdout has gone (`| head`): nothing more needs to be computed for it. */
  get closed(): boolean {
    return this.gone;
  }

  /** Called by {@link guard} where stdout was closed. */
  close(): void {
    this.gone = true;
  }

  /** Called by {@link guard} where stdout takes no more: the disk is full. The next write throws it. */
  fail(error: Error): void {
    this.failure ??= error;
  }

  /** Waits until all that was written is out. @throws UnrolledError `OUTPUT_FAILED` */
  async flush(): Promise<void> {
    await flushed(this.io.stdout);
    this.checkFailure();
  }

  private checkFailure(): void {
    if (!this.failure) return;
    throw new UnrolledError('OUTPUT_FAILED', `The results could not all be written: ${this.failure.message}.`, {
      mend: 'Make room or write them elsewhere, then run the same line again.',
      cause: this.failure,
    });
  }

  /** Writes a result and waits until there is room for more. @throws UnrolledError `OUTPUT_FAILED` */
  async write(text: string): Promise<void> {
    this.checkFailure();
    if (this.gone) return;
    this.hideBar();
    if (this.io.stdout.write(text)) return;
    await new Promise<void>((resolve) => {
      const go = () => {
        this.io.stdout.off('drain', go).off('close', go).off('error', go);
        resolve();
      };
      this.io.stdout.on('drain', go).on('close', go).on('error', go);
    });
  }

  /** A line of results. */
  async print(line: string): Promise<void> {
    await this.write(`${line}\n`);
  }

  /** A line that says what is going on; nothing with --quiet. */
  note(line: string): void {
    if (this.quiet) return;
    this.hideBar();
    const warns = line.startsWith('warning:');
    this.io.stderr.write(`${this.style(warns ? 'yellow' : 'dim', line, 'stderr')}\n`);
  }

  /** Draws the progress bar, a line that the next one replaces; only on a terminal. */
  showBar(line: string): void {
    if (this.quiet || !this.io.stderrIsTerminal) return;
    this.bar = line;
    this.io.stderr.write(`\r\x1b[2K${line}`);
  }

  /** Takes the bar away, so that a line can be written. */
  hideBar(): void {
    if (!this.bar) return;
    this.bar = '';
    this.io.stderr.write('\r\x1b[2K');
  }

  /** Text in a style, where the stream is a terminal that shows it. */
  style(style: Style | readonly Style[], text: string, stream: 'stdout' | 'stderr' = 'stdout'): string {
    const terminal = stream === 'stdout' ? this.io.stdoutIsTerminal : this.io.stderrIsTerminal;
    const { NO_COLOR, FORCE_COLOR } = this.io.env;
    const forced = FORCE_COLOR !== undefined && FORCE_COLOR !== '0' && FORCE_COLOR !== 'false';
    const on = this.color && !NO_COLOR && (terminal || forced);
    return on ? [style].flat().reduce((styled, one) => styleText(one, styled, { validateStream: false }), text) : text;
  }
}

/**
 * Makes a closed pipe (`EPIPE`) end the writing rather than the process, and a full disk an error of the next write.
 * @returns what takes the handlers off, once all that was written has left or failed
 */
export function guard({ stdout, stderr }: Io, output: Output): () => Promise<void> {
  const ignore = () => {}; // notes that can't be written are no reason to lose results
  const take = (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE' || error.code === 'ERR_STREAM_DESTROYED') output.close();
    else output.fail(error);
  };
  stdout.on('error', take);
  stderr.on('error', ignore);
  return async () => {
    await Promise.all([flushed(stdout), flushed(stderr)]);
    stdout.off('error', take);
    stderr.off('error', ignore);
  };
}

/** Resolves when everything before has been written; a failed write emits its error before that. */
async function flushed(stream: Writable): Promise<void> {
  await new Promise<void>((resolve) => stream.write('', () => setImmediate(resolve)));
}
