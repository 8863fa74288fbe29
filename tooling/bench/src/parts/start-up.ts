// Compiling a network of two layers and its first training step, in a fresh process each time.
import { spawnSync } from 'node:child_process';
import { startUpCommand } from '../contenders.ts';
import { summarise } from '../statistics.ts';
import { textOf } from '../table.ts';
import { type Part, spreadOf } from './part.ts';

/** Milliseconds of one fresh process. */
export interface StartUp {
  readonly imports: number;
  /** Of processors, all threads: compiling and the first step. */
  readonly processor: number;
  readonly compile: number;
  /** Drawing the first weights. */
  readonly weights: number;
  readonly firstStep: number;
  /** For comparison. */
  readonly secondStep: number;
}

/** As many fresh processes as there are rounds. */
export const startUp: Part = async ({ rounds }, show) => {
  const runs = Array.from({ length: rounds }, start);
  const summary = (of: (run: StartUp) => number) => summarise(runs.map(of));
  const lines = {
    'compile and first step': summary(({ compile, firstStep }) => compile + firstStep),
    'the same, processor time': summary(({ processor }) => processor),
    compile: summary(({ compile }) => compile),
    'first step': summary(({ firstStep }) => firstStep),
    'drawing the first weights, not counted': summary(({ weights }) => weights),
    'second step, not counted': summary(({ secondStep }) => secondStep),
    'imports before, from TypeScript source, not counted': summary(({ imports }) => imports),
  };
  show({
    title: `Start-up in a fresh process: two LSTM layers of 64 units, batch 32 × 50, 32 inputs`,
    columns: ['', 'ms', 'quartiles', 'processes'],
    rows: Object.entries(lines).map(([name, one]) => [name, one.median, spreadOf(one, textOf), rounds]),
  });
  return runs;
};

function start(): StartUp {
  const { program, argv, env } = startUpCommand;
  const { status, stdout, stderr } = spawnSync(program, argv, { env: env as NodeJS.ProcessEnv, encoding: 'utf8' });
  if (status !== 0) throw new Error(stderr);
  return JSON.parse(stdout) as StartUp;
}
