// Runs the steps of a test command, all of them even when one fails, and adds up what they count.
import { type SpawnOptions, spawn } from 'node:child_process';
import { root } from '../source/workspace.ts';

/** What came of a step. */
export interface Outcome {
  readonly passed: number;
  readonly failed: number;
  /** What it counted, in a few words: `571 imports of 189 files`. */
  readonly note: string;
}

/** One line of the summary. */
export interface Step {
  readonly name: string;
  readonly run: () => Promise<Outcome>;
}

/** Lanes run side by side; the steps of one run in order. */
export type Lanes = readonly (readonly Step[])[];

/** Runs every step, or what stands side by side, in order; prints a summary and the sum, and gives the exit code. */
export async function runSteps(steps: readonly (Step | Lanes)[]): Promise<number> {
  const all = steps.map((each): Lanes => ('run' in each ? [[each]] : each));
  const lines = new Map<Step, string>();
  let passed = 0;
  let failed = 0;
  const runLane = async (lane: readonly Step[]): Promise<void> => {
    for (const step of lane) {
      const began = performance.now();
      const outcome = await outcomeOf(step);
      passed += outcome.passed;
      failed += outcome.failed;
      const seconds = ((performance.now() - began) / 1000).toFixed(1).padStart(6);
      const mark = outcome.failed === 0 ? '✓' : '✗';
      const line = `${mark} ${step.name.padEnd(18)}${seconds} s  ${counts(outcome)}  ${outcome.note}`.trimEnd();
      lines.set(step, line);
      console.log(line);
    }
  };
  for (const lanes of all) await Promise.all(lanes.map(runLane));
  const inOrder = all.flat(2).map((step) => lines.get(step));
  if (inOrder.length > 1) console.log(`\n${inOrder.join('\n')}\n`);
  console.log(counts({ passed, failed }));
  return failed === 0 ? 0 : 1;
}

/** A step that is one command and counts as one: it passes when the command exits with 0; its output shows if not. */
export function command(name: string, argv: readonly string[], before: () => string = () => ''): Step {
  const run = async (): Promise<Outcome> => {
    const note = before();
    const { code, output } = await execute(argv);
    if (code !== 0) console.log(output.trimEnd());
    const last = note || (lastLine(output) ?? '');
    return { passed: code === 0 ? 1 : 0, failed: code === 0 ? 0 : 1, note: code === 0 ? last : `exit ${code}` };
  };
  return { name, run };
}

/** Runs a command in the root and waits; without `stdio` its output is kept instead of shown. */
export function execute(
  [program = '', ...argv]: readonly string[],
  options: SpawnOptions = {},
): Promise<{ code: number; output: string }> {
  const child = spawn(program, argv, {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
    shell: process.platform === 'win32',
    ...options,
  });
  const chunks: Buffer[] = [];
  child.stdout?.on('data', (chunk: Buffer) => chunks.push(chunk));
  child.stderr?.on('data', (chunk: Buffer) => chunks.push(chunk));
  const output = (): string => Buffer.concat(chunks).toString('utf8');
  return new Promise((resolve) => {
    child.on('error', (error) => resolve({ code: 127, output: `${program}: ${error.message}` }));
    child.on('close', (code) => resolve({ code: code ?? 1, output: output() }));
  });
}

async function outcomeOf(step: Step): Promise<Outcome> {
  try {
    return await step.run();
  } catch (error) {
    console.log((error as Error).stack);
    return { passed: 0, failed: 1, note: (error as Error).message };
  }
}

function counts({ passed, failed }: { passed: number; failed: number }): string {
  return `${passed} passed, ${failed} failed`;
}

/** The last line that says something, without the noise of turbo's own summary. */
function lastLine(output: string): string | undefined {
  return output
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => /^(\d+|Size:) /.test(line))
    .at(-1);
}
