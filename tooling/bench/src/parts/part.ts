// What a part of the bench is, and how it measures.
import type { PeerName, Settings } from '../arguments.ts';
import { accessTo, oursCommand } from '../contenders.ts';
import { type Measured, measure } from '../rounds.ts';
import { type Command, type Prepared, Server } from '../server.ts';
import { type Summary, summarise } from '../statistics.ts';
import type { Table } from '../table.ts';

/** A part: `show` prints a table as soon as it is there; what it gives goes into the JSON file. */
export type Part = (settings: Settings, show: (table: Table) => void) => Promise<unknown>;

/** Someone who takes part: a work of a process. */
export interface Entry {
  readonly name: string;
  /** Absent: ourselves. */
  readonly peer?: PeerName;
  /** Variables of the process beside the usual ones. */
  readonly env?: Readonly<Record<string, string>>;
  readonly work: string;
  readonly given: unknown;
  /** Processes that do it at the same time; one where left out. A call then takes the time of the slowest, divided by their number. */
  readonly processes?: number;
}

/** What came of an entry: times, or why there are none. */
export interface Result {
  readonly name: string;
  readonly version?: string;
  /** Milliseconds of a call. */
  readonly summary?: Summary;
  readonly measured?: Measured;
  /** Why it was not measured, in a sentence. */
  readonly skipped?: string;
}

/** Milliseconds that one measurement takes at least. */
const LEAST = 250;

/** Measures entries together, each in a process of its own that ends afterwards. */
export async function compete(entries: readonly Entry[], settings: Settings): Promise<readonly Result[]> {
  const started = await Promise.all(entries.map((entry) => startAll(entry, settings)));
  try {
    const ready: { readonly at: number; readonly prepared: Prepared }[] = [];
    const results: Result[] = entries.map(({ name }, at) => {
      const [{ server, skipped } = {}] = started[at] as Started[];
      return { name, ...(server && { version: server.version }), ...(skipped !== undefined && { skipped }) };
    });
    for (const [at, { work, given }] of entries.entries()) {
      const servers = (started[at] as Started[]).flatMap(({ server }) => server ?? []);
      if (servers.length === 0) continue;
      try {
        const prepared = await Promise.all(servers.map((server) => server.prepare(work, given)));
        ready.push({ at, prepared: together(prepared) });
      } catch (error) {
        results[at] = { ...(results[at] as Result), skipped: firstLines((error as Error).message) };
      }
    }
    const measured = await measureAll(
      ready.map(({ prepared }) => prepared),
      settings,
    );
    ready.forEach(({ at }, order) => {
      results[at] = { ...(results[at] as Result), ...resultOf(measured[order] as Measured) };
    });
    if (results.some(({ skipped }, at) => skipped !== undefined && !entries[at]?.peer)) process.exitCode = 1;
    return results;
  } finally {
    await Promise.all(started.flat().map(({ server }) => server?.stop()));
  }
}

function startAll(entry: Entry, settings: Settings): Promise<Started[]> {
  return Promise.all(Array.from({ length: entry.processes ?? 1 }, () => start(entry, settings)));
}

/** Works of several processes as one. */
function together(works: readonly Prepared[]): Prepared {
  const [first] = works as readonly [Prepared];
  if (works.length === 1) return first;
  return {
    ...first,
    run: async (times) => {
      const timings = await Promise.all(works.map(({ run }) => run(times)));
      const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / works.length;
      return {
        elapsed: Math.max(...timings.map(({ elapsed }) => elapsed)) / works.length,
        processor: mean(timings.map(({ processor }) => processor)),
      };
    },
  };
}

/** Measures works that are ready, by the settings. */
export function measureAll(prepared: readonly Prepared[], settings: Settings): Promise<readonly Measured[]> {
  return measure(prepared, { rounds: settings.rounds, least: LEAST, budget: 1000 * settings.budget });
}

/** Median and quartiles, or why there are none. */
export function resultOf(measured: Measured): Pick<Result, 'summary' | 'measured' | 'skipped'> {
  if (measured.failure !== undefined) return { skipped: firstLines(measured.failure) };
  return { measured, summary: summarise(measured.times) };
}

/** Starts our own process, gives it to `use`, and ends it. */
export async function withOurs<T>(use: (server: Server) => Promise<T>): Promise<T> {
  const server = await Server.start(oursCommand);
  try {
    return await use(server);
  } finally {
    await server.stop();
  }
}

/** A peer's process, or why it can't be had. */
export interface Started {
  readonly server?: Server;
  readonly skipped?: string;
}

/** Starts the process of an entry. */
export async function start({ peer, env }: Pick<Entry, 'peer' | 'env'>, { without }: Settings): Promise<Started> {
  if (peer && without.includes(peer)) return { skipped: 'left out by --without' };
  let command: Command = oursCommand;
  if (peer) {
    const access = accessTo(peer);
    if ('missing' in access) return { skipped: access.missing };
    command = access.command;
  }
  try {
    return { server: await Server.start({ ...command, env: { ...command.env, ...env } }) };
  } catch (error) {
    return { skipped: firstLines((error as Error).message) };
  }
}

/** The part of a message that fits under a table: its first line, or the one that names the error where a stack or traceback goes with it. */
function firstLines(message: string): string {
  const lines = message
    .trim()
    .split('\n')
    .map((line) => line.trim());
  const named = lines.filter((line) => /^\w*(Error|Exception)\b.*:/.test(line)).at(-1);
  return named ?? lines[0] ?? '';
}

/** `3.21–3.40`, with as many digits as the numbers deserve. */
export function spreadOf({ lower, upper }: Summary, text: (value: number) => string): string {
  return `${text(lower)}–${text(upper)}`;
}

/** `7 × 20`; a cold one says so. */
export function roundsOf({ times, calls, warm }: Measured): string {
  return warm ? `${times.length} × ${calls}` : '1 cold';
}

/** The sentences under a table for those who were not measured. */
export function skippedNotes(results: readonly Result[]): readonly string[] {
  return results
    .filter(({ skipped }) => skipped !== undefined)
    .map(({ name, skipped }) => `${name}: not measured, ${skipped}`);
}

/** How many times as long as the first. */
export function ratioTo(first: Result | undefined, { summary }: Result): number | undefined {
  return first?.summary && summary ? summary.median / first.summary.median : undefined;
}
