// What every trainer must do.
import type {
  Batch,
  Executable,
  NetworkDescription,
  Trainer,
  TrainerContext,
  TrainerCursor,
  TrainerProgress,
} from '@unrolled/core';
import type { NumericSettings } from './cell.ts';
import { type Check, check, expectThat } from './check.ts';
import { batchOf, CLASSES, compileWith, eachStep, heavyBall, isDeterministic, networkOf } from './networks.ts';
import { expectFinite, expectShape } from './numeric.ts';
import { pluginChecks, variantsOf } from './options.ts';
import { same } from './plain.ts';

/** A network and a batch to train it on. */
interface Exercise {
  readonly title: string;
  readonly answers: TrainerContext['answers'];
  readonly network: NetworkDescription;
  readonly batch: Batch;
}

const lengths = [7, 0, 3];
const perStep: NetworkDescription['target'] = { kind: 'class', size: CLASSES, per: 'step' };
const exercises: readonly Exercise[] = [
  {
    title: 'one answer',
    answers: 'once',
    network: networkOf({ optimizer: heavyBall, clip: { norm: 1 } }),
    batch: batchOf({ lengths }),
  },
  {
    title: 'an answer at each step',
    answers: 'each-step',
    network: networkOf({ output: eachStep(CLASSES), target: perStep, optimizer: heavyBall }),
    batch: batchOf({ lengths, target: perStep }),
  },
];

/** Checks that every trainer must pass. */
export function trainerConformance(plugin: Trainer, { backend, options = [] }: NumericSettings): readonly Check[] {
  const variants = variantsOf(plugin, {}, options);
  const forEach = (run: (given: any, exercise: Exercise, title: string) => Promise<void>) => async () => {
    for (const { title, options: given } of variants)
      for (const exercise of exercises) await run(given, exercise, `${title}, ${exercise.title}`);
  };
  const compile = ({ network }: Exercise) => compileWith(backend, network);
  return [
    ...pluginChecks(plugin, 'trainer'),
    check('says what it sees and takes its own options', () => {
      expectThat(['sequence', 'window'].includes(plugin.sees), `It sees "${plugin.sees}", not a sequence or a window.`);
      for (const { options: given } of variants) plugin.check(given);
    }),
    check(
      'trains on a batch and ends with its output and state',
      forEach(async (given, exercise, title) => {
        const executable = await compile(exercise);
        const before = await executable.read();
        const reports = await train(plugin, given, executable, exercise);
        const last = reports.at(-1);
        expectThat(last !== undefined, `${title}: it reported nothing.`);
        expectThat(
          reports.every(({ cursor }, index) => (cursor === undefined) === (index === reports.length - 1)),
          `${title}: every report but the last must have a cursor to go on from.`,
        );
        const shape = exercise.answers === 'once' ? [3, CLASSES] : [7, 3, CLASSES];
        expectThat(last.output !== undefined && last.state !== undefined, `${title}: no output or state at the end.`);
        expectShape(`${title}: the output`, last.output, shape);
        for (const [name, value] of Object.entries(last.state)) expectFinite(`${title}: state ${name}`, value);
        expectThat(Number.isFinite(last.loss) && last.loss > 0, `${title}: the loss is ${last.loss}.`);
        const after = await executable.read();
        const updates = reports.filter(({ updated }) => updated).length;
        expectThat(updates > 0 && !same(after.parameters, before.parameters), `${title}: no weight changed.`);
        expectThat(after.updates === updates, `${title}: it reported ${updates} updates of ${after.updates}.`);
        expectThat(same(after.accumulated, {}), `${title}: gradients are left that no update applied.`);
        executable.dispose();
      }),
    ),
    check(
      'makes no update where the batch has no loss',
      forEach(async (given, exercise, title) => {
        const executable = await compile(exercise);
        const before = await executable.read();
        const weights = new Float64Array((exercise.batch.weights as Float64Array).length);
        const reports = await train(plugin, given, executable, { ...exercise, batch: { ...exercise.batch, weights } });
        expectThat(!reports.some(({ updated }) => updated), `${title}: it reported an update.`);
        expectThat(same(await executable.read(), before), `${title}: it changed weights or optimizer state.`);
        executable.dispose();
      }),
    ),
    check(
      'goes on from any report as if it had not been interrupted',
      forEach(async (given, exercise, title) => {
        const whole = await compile(exercise);
        const reports = await train(plugin, given, whole, exercise);
        for (let stop = 1; stop < reports.length; stop++) {
          const [first, second] = [await compile(exercise), await compile(exercise)];
          const cursor = (await train(plugin, given, first, exercise, stop)).at(-1)?.cursor;
          await second.write(await first.read());
          const rest = await train(plugin, given, second, exercise, Infinity, cursor);
          const said = `${title}: stopped after ${stop} of ${reports.length} reports, it`;
          expectThat(same(await second.read(), await whole.read()), `${said} ended in other weights.`);
          expectThat(same(rest.at(-1), reports.at(-1)), `${said} ended with another report.`);
          first.dispose();
          second.dispose();
        }
        whole.dispose();
      }),
      isDeterministic(backend) ? undefined : `backend "${backend.name}" is not deterministic`,
    ),
  ];
}

/** Trains until the batch is done, or until `reports` reports were made; the generator is left then, as by an abort. */
async function train(
  plugin: Trainer,
  options: unknown,
  executable: Executable,
  { batch, answers }: Exercise,
  reports = Infinity,
  cursor?: TrainerCursor,
): Promise<readonly TrainerProgress[]> {
  let updates = (await executable.read()).updates;
  const context: TrainerContext = {
    seed: 1,
    updates: () => updates,
    learningRate: () => 0.1 / (updates + 1),
    answers,
    ...(cursor && { cursor: structuredClone(cursor) }),
  };
  const made: TrainerProgress[] = [];
  for await (const progress of plugin.train(options, executable, batch, context)) {
    made.push(progress);
    if (progress.updated) updates += 1;
    if (made.length === reports) break;
  }
  return made;
}
