// Runs an example as a test does: on a few examples for one epoch, keeping what it says.
import type { ExampleReport, ShippedExample } from '../src/index.ts';

/** What a run gave. */
export interface Outcome {
  readonly report: ExampleReport;
  readonly lines: readonly string[];
  readonly notes: readonly string[];
}

/** One epoch on `limit` examples. */
export async function runQuickly(example: ShippedExample, limit: number): Promise<Outcome> {
  const [lines, notes]: [string[], string[]] = [[], []];
  const report = await example.run({
    seed: 1,
    epochs: 1,
    limit,
    print: (line) => lines.push(line),
    note: (line) => notes.push(line),
  });
  return { report, lines, notes };
}
