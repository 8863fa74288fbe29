// summary: the layers of a network with shapes and parameters per gate, of a saved model or of what flags describe.
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Json, Learns } from '@unrolled/core';
import type { Command, Context } from '../context.ts';
import { DATA_FLAGS } from '../data.ts';
import { COMPILE_FLAGS } from '../flags/compute.ts';
import { EXIT } from '../io.ts';
import type { Output } from '../output.ts';
import { count, counted, measure, percent } from '../show/number.ts';
import { table } from '../show/table.ts';
import { type Summary, summarizeManifest, summarizeModel, type TrainingStep } from '../summary/describe.ts';
import { usageError } from '../usage.ts';

/** The command. */
export const summary: Command = {
  name: 'summary',
  summary: 'show layers, shapes and parameters of a model, or of what flags describe',
  usage: '[MODEL|DATA]',
  examples: [
    ['summary model', 'a saved model'],
    ['summary reviews.tsv --units 128 --layers 2', 'what would be trained'],
    ['summary --vocabulary 5000', 'without any data'],
  ],
  flags: [
    {
      title: 'Size',
      flags: [
        { name: 'vocabulary', value: 'N', description: 'number of tokens, where no data say it; default 10000' },
        { name: 'batch-size', value: 'N', description: 'texts of a training step, for its memory; default 32' },
        {
          name: 'steps',
          value: 'N',
          description: 'tokens of the longest of them; default the longest of the data, without any 200',
        },
      ],
    },
    { title: 'Data', flags: DATA_FLAGS },
  ],
  shapesManifest: true,
  arguments: [0, 1],
  run: async (context) => {
    const { positionals, io, output } = context;
    const [given] = positionals;
    const isModel = given !== undefined && existsSync(join(resolve(io.cwd, given), 'manifest.json'));
    if (isModel) refuseShaping(given, context);
    const report = await (isModel ? summarizeModel(given, context) : summarizeManifest(given, context));
    await output.print(output.json ? JSON.stringify(report) : draw(report, output));
    return EXIT.done;
  },
};

/** A saved model is what it is: only what it is computed with can be chosen. */
function refuseShaping(folder: string, { values }: Context): void {
  const allowed = [
    ...['backend', ...COMPILE_FLAGS.map(({ name }) => name)],
    ...['plugin', 'config', 'json', 'quiet', 'color', 'debug'],
  ];
  const wrong = values.names().find((name) => !allowed.includes(name));
  if (wrong !== undefined)
    throw usageError('FLAG_INVALID', `--${wrong} does not go with the saved model ${folder}.`, 'Leave it out.');
}

function draw(report: Summary, output: Output): string {
  const { input, learns, labels, parts, parameters, bytes, precision, training, model, assumed } = report;
  const rows = parts.flatMap((part) => [
    [output.style('bold', part.name), part.module, '', count(part.count)],
    ...part.gates.map((gate) => ['', `  ${gate.name}`, gate.parameters.map(shaped).join('  '), count(gate.count)]),
  ]);
  return [
    `input: ${input.replace(/\d+/, (digits) => count(Number(digits)))}; ${drawOutput(learns, labels)}`,
    table([['part', 'gate', 'parameters', 'count'], ...rows], { right: [3] }),
    `${count(parameters)} parameters, ${size(bytes)} in ${precision}`,
    ...(training ? [drawTraining(training)] : []),
    ...(model ? [drawModel(model)] : []),
    ...assumed.map((what) => `assumed: ${what}`),
  ].join('\n\n');
}

/** What the network's outputs tell apart. */
function drawOutput(learns: Learns, { count: outputs, names }: Summary['labels']): string {
  if (learns === 'next' || learns === 'sequence') return `output: the next of ${count(outputs)} numbers`;
  if (learns === 'number') return 'output: a number';
  const shown =
    names && (names.length > NAMED ? [...names.slice(0, NAMED), `and ${names.length - NAMED} more`] : names);
  return `labels${learns === 'labels' ? ' of each step' : ''}: ${shown?.join(', ') ?? outputs}`;
}

/** Labels that are named, of many. */
const NAMED = 20;

function drawTraining({ batchSize, steps, bytes, recomputedSteps }: TrainingStep): string {
  const again = recomputedSteps > 0 ? `; ${counted(recomputedSteps, 'step')} computed once more, to store less` : '';
  return `a training step of ${counted(batchSize, 'text')} of ${counted(steps, 'token')}: ${size(bytes.peak)} of memory${again}`;
}

function shaped({ name, shape }: { readonly name: string; readonly shape: readonly number[] }): string {
  return `${name} ${shape.length === 0 ? 'scalar' : shape.map(count).join('×')}`;
}

function drawModel(model: Readonly<Record<string, Json>>): string {
  const { settings, validation, packages, ...facts } = model;
  const rows = [
    ...Object.entries(facts).map(([name, value]) => [name, String(value)]),
    ...Object.entries(packages as Record<string, string>).map(([name, version]) => [name, version]),
    ['settings', pairs(settings as Record<string, Json>)],
    ['validation', drawMeasures(validation as Record<string, Json>)],
  ];
  return table(rows.filter(([, text]) => text !== ''));
}

function pairs(values: Readonly<Record<string, Json>>): string {
  return Object.entries(values)
    .filter(([, value]) => value !== null)
    .map(([name, value]) => `${name} ${typeof value === 'object' ? JSON.stringify(value) : value}`)
    .join(', ');
}

function drawMeasures({
  accuracy,
  loss,
  majority,
  bitsPerToken,
  r2,
  meanAbsoluteError,
}: Readonly<Record<string, Json>>): string {
  if (typeof meanAbsoluteError === 'number' && typeof loss === 'number')
    return `mean absolute error ${measure(meanAbsoluteError)}, ${typeof r2 === 'number' ? `R² ${measure(r2)}, ` : ''}loss ${measure(loss)}`;
  if (typeof bitsPerToken === 'number' && typeof loss === 'number')
    return `${measure(bitsPerToken)} bits per token, loss ${measure(loss)}`;
  if (typeof accuracy !== 'number' || typeof loss !== 'number' || typeof majority !== 'number') return '';
  return `accuracy ${percent(accuracy)} (most frequent label ${percent(majority)}), loss ${measure(loss)}`;
}

function size(bytes: number): string {
  return bytes < 2 ** 20 ? `${(bytes / 2 ** 10).toFixed(1)} KiB` : `${(bytes / 2 ** 20).toFixed(1)} MiB`;
}
