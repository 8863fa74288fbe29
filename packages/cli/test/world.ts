// A world of its own for a test: a temporary folder, captured streams, no terminal.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { Readable, Writable } from 'node:stream';
import type { Io } from '../src/io.ts';

/** Files by path; what they hold as text (UTF-8) or bytes. */
export type Files = Readonly<Record<string, string | Uint8Array>>;

/** A folder with files and an {@link Io} that captures what is written. */
export class World {
  readonly cwd: string;
  readonly io: Io;
  readonly controller = new AbortController();
  private written = { stdout: '', stderr: '' };

  constructor(files: Files = {}, settings: Partial<Io> & { readonly input?: string | Uint8Array } = {}) {
    this.cwd = mkdtempSync(join(tmpdir(), 'unrolled-cli-'));
    this.add(files);
    const { input, ...io } = settings;
    this.io = {
      stdin: Readable.from(input === undefined ? [] : [Buffer.from(input)]),
      stdout: this.capture('stdout'),
      stderr: this.capture('stderr'),
      stdinIsTerminal: false,
      stdoutIsTerminal: false,
      stderrIsTerminal: false,
      columns: 80,
      signal: this.controller.signal,
      cwd: this.cwd,
      env: {},
      ...io,
    };
  }

  get stdout(): string {
    return this.written.stdout;
  }

  get stderr(): string {
    return this.written.stderr;
  }

  add(files: Files): void {
    for (const [path, content] of Object.entries(files)) {
      mkdirSync(dirname(join(this.cwd, path)), { recursive: true });
      writeFileSync(join(this.cwd, path), content);
    }
  }

  remove(): void {
    rmSync(this.cwd, { recursive: true, force: true });
  }

  private capture(name: 'stdout' | 'stderr'): Writable {
    return new Writable({
      write: (chunk, _encoding, done) => {
        this.written[name] += chunk;
        done();
      },
    });
  }
}
