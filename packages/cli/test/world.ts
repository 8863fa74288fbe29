// A world of its own for a test: a temporary folder, captured streams, no terminal; and the command line in it.
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { Readable, Writable } from 'node:stream';
import { afterEach } from 'vitest';
import type { Io } from '../src/io.ts';
import { run } from '../src/run.ts';
import { program, registry } from './registry.ts';

/** Files by path; what they hold as text (UTF-8) or bytes. */
export type Files = Readonly<Record<string, string | Uint8Array>>;

/** What a command wrote, and its exit code. */
export interface Outcome {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Settings of a world. */
export interface Settings extends Partial<Io> {
  /** What stdin holds. */
  readonly input?: string | Uint8Array;
  /** Called with everything that is written. */
  readonly onWrite?: (text: string, world: World) => void;
}

const worlds = new Set<World>();
afterEach(() => {
  for (const world of worlds) rmSync(world.cwd, { recursive: true, force: true });
  worlds.clear();
});

/** A folder with files, removed after the test. */
export class World {
  readonly cwd: string;

  constructor(files: Files = {}) {
    worlds.add(this);
    this.cwd = mkdtempSync(join(tmpdir(), 'unrolled-cli-'));
    for (const [path, content] of Object.entries(files)) {
      mkdirSync(dirname(join(this.cwd, path)), { recursive: true });
      writeFileSync(join(this.cwd, path), content);
    }
  }

  /** An io whose output is collected in `written`. */
  io(written: { stdout: string; stderr: string }, { input, onWrite, ...io }: Settings = {}): Io {
    const capture = (name: 'stdout' | 'stderr') =>
      new Writable({
        write: (chunk, _encoding, done) => {
          written[name] += chunk;
          onWrite?.(String(chunk), this);
          done();
        },
      });
    return {
      stdin: Readable.from(input === undefined ? [] : [Buffer.from(input)]),
      stdout: capture('stdout'),
      stderr: capture('stderr'),
      stdinIsTerminal: false,
      stdoutIsTerminal: false,
      stderrIsTerminal: false,
      columns: 80,
      signal: new AbortController().signal,
      cwd: this.cwd,
      env: {},
      ...io,
    };
  }

  /** Runs a command line; words are parted by single spaces, or given as an array. */
  async run(line: string | readonly string[], settings: Settings = {}): Promise<Outcome> {
    const written = { stdout: '', stderr: '' };
    const argv = typeof line === 'string' ? line.split(' ').filter(Boolean) : line;
    const code = await run(registry, argv, this.io(written, settings), program);
    return { code, ...written };
  }

  has(path: string): boolean {
    return existsSync(join(this.cwd, path));
  }

  /** Names in a folder, sorted; hidden ones too. */
  list(path = '.'): readonly string[] {
    return readdirSync(join(this.cwd, path)).sort();
  }

  bytes(path: string): Buffer {
    return readFileSync(join(this.cwd, path));
  }
}

/** A labelled table that a small network learns in a moment: a few words decide. */
export function tasteTable(rows: number, split?: (row: number) => string): string {
  const good = ['superb', 'gripping', 'a joy', 'warm and witty'];
  const bad = ['awful', 'dull', 'a mess', 'cold and hollow'];
  const about = ['the film', 'this story', 'its cast', 'the ending'];
  const lines = Array.from({ length: rows }, (_, i) => {
    const words = i % 2 === 0 ? good : bad;
    const text = `${about[(i >> 1) % 4]} is ${words[(i >> 3) % 4]}, take ${i}`;
    return [text, i % 2 === 0 ? 'positive' : 'negative', ...(split ? [split(i)] : [])].join('\t');
  });
  return `${['text', 'label', ...(split ? ['split'] : [])].join('\t')}\n${lines.join('\n')}\n`;
}
