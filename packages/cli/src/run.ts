// The command line: finds the command, reads its flags, runs it, and says what went wrong.
import {
  type AnyRegistry,
  createRegistry,
  isUnrolledError,
  nearest,
  type Plugin,
  type UnrolledError,
} from '@unrolled/core';
import { dataCheck } from './commands/data-check.ts';
import { embedAnalogy, embedNeighbors } from './commands/embed.ts';
import { embedTrain } from './commands/embed-train.ts';
import { env } from './commands/env.ts';
import { evaluate } from './commands/evaluate.ts';
import { example } from './commands/example.ts';
import { generate } from './commands/generate.ts';
import { GENERAL_FLAGS, helpFor, overview } from './commands/help.ts';
import { ngrams } from './commands/ngrams.ts';
import { predict } from './commands/predict.ts';
import { summary } from './commands/summary.ts';
import { train } from './commands/train.ts';
import { type LoadedConfig, loadConfig } from './config.ts';
import type { Command, Program } from './context.ts';
import type { Flag } from './flags/flag.ts';
import { MANIFEST_FLAGS } from './flags/manifest.ts';
import { type Parsed, parseFlags } from './flags/parse.ts';
import { pluginFlags, pluginOptions } from './flags/plugin-flags.ts';
import { tokenizerOptions } from './flags/tokenizer.ts';
import { EXIT, type Io, processIo } from './io.ts';
import { mendOf } from './mends.ts';
import { guard, Output } from './output.ts';
import { importPlugins } from './plugins.ts';
import { isUsageError, usageError } from './usage.ts';

const COMMANDS: readonly Command[] = [
  train,
  evaluate,
  predict,
  generate,
  summary,
  dataCheck,
  ngrams,
  embedTrain,
  embedNeighbors,
  embedAnalogy,
  example,
  env,
];

/**
 * Runs one command line.
 * @param registry - the plug-ins at hand; --plugin and a config file add to them.
 * @param argv - what was typed after the program's name.
 * @param io - the world; by default this process's, with Ctrl-C handled as {@link processIo} says.
 * @returns the exit code: 0, 1 for an error, 2 for a mistake in the line itself, 130 when interrupted.
 */
export async function run(
  registry: AnyRegistry,
  argv: readonly string[],
  io?: Io,
  program: Program = { name: 'unrolled', version: '' },
): Promise<number> {
  if (io) return await runIn(io, registry, argv, program);
  const own = processIo();
  try {
    return await runIn(own.io, registry, argv, program);
  } finally {
    own.release();
  }
}

async function runIn(io: Io, registry: AnyRegistry, argv: readonly string[], program: Program): Promise<number> {
  const early = new Set(argv.includes('--') ? argv.slice(0, argv.indexOf('--')) : argv);
  const quiet = early.has('--quiet') || early.has('-q');
  const output = new Output(io, { json: early.has('--json'), quiet, color: !early.has('--no-color') });
  const release = guard(io, output);
  try {
    const code = await dispatch(argv, { registry, io, output, program });
    await output.flush();
    return code;
  } catch (error) {
    output.hideBar();
    io.stderr.write(`${describeError(error, output, early.has('--debug'))}\n`);
    return isUnrolledError(error) && isUsageError(error) ? EXIT.usage : EXIT.error;
  } finally {
    output.hideBar();
    await release();
  }
}

interface World {
  readonly registry: AnyRegistry;
  readonly io: Io;
  readonly output: Output;
  readonly program: Program;
}

async function dispatch(argv: readonly string[], world: World): Promise<number> {
  const { io, output, program } = world;
  const { command, rest } = findCommand(argv);
  if (command === 'help' || command === undefined) return await help(rest, command === 'help', world);
  const { registry, config } = await extend(world.registry, rest, io);
  const taken = new Set(
    [...GENERAL_FLAGS, ...MANIFEST_FLAGS, ...command.flags.flatMap(({ flags }) => flags)].map(nameOf),
  );
  const { values, positionals } = parseFor(command, rest, registry, taken);
  if (values.flag('help')) {
    await output.print(helpFor(command, program, registry, io.columns));
    return EXIT.done;
  }
  checkArguments(command, positionals, program);
  return await command.run({ program, registry, io, output, values, positionals, config, taken });
}

/** Flags that may stand before the command. */
const ANYWHERE = new Set(['--json', '--quiet', '-q', '--color', '--no-color', '--debug']);

/** The command that a line begins with, and the rest of the line. */
function findCommand(argv: readonly string[]): {
  readonly command: Command | 'help' | undefined;
  readonly rest: readonly string[];
} {
  const lead = argv.findIndex((word) => !ANYWHERE.has(word));
  if (lead > 0) {
    const { command, rest } = findCommand(argv.slice(lead));
    return { command, rest: [...argv.slice(0, lead), ...rest] };
  }
  const [first, second] = argv;
  if (first === undefined || first.startsWith('-')) return { command: undefined, rest: argv };
  if (first === 'help') return { command: 'help', rest: argv.slice(1) };
  const two = COMMANDS.find(({ name }) => name === `${first} ${second}`);
  if (two) return { command: two, rest: argv.slice(2) };
  const one = COMMANDS.find(({ name }) => name === first);
  if (one) return { command: one, rest: argv.slice(1) };
  const within = COMMANDS.map(nameOf).filter((name) => name.startsWith(`${first} `));
  const firsts = COMMANDS.map(({ name }) => name.split(' ')[0] as string);
  const near =
    within.length > 0
      ? (nearest(`${first} ${second}`, within) ?? within.join(' or '))
      : COMMANDS.map(nameOf).find((name) => name.split(' ')[0] === nearest(first, firsts));
  throw usageError(
    'COMMAND_UNKNOWN',
    `There is no command ${within.length > 0 && second ? `${first} ${second}` : first}.`,
    near ? `Did you mean ${near}?` : `Commands are ${COMMANDS.map(nameOf).join(', ')}.`,
  );
}

/** `help`, `help COMMAND`, no command at all, or general flags alone. */
async function help(
  rest: readonly string[],
  asked: boolean,
  { registry, io, output, program }: World,
): Promise<number> {
  const { values, positionals } = parseFlags(rest, GENERAL_FLAGS);
  if (values.flag('version')) await output.print(program.version);
  else if (positionals.length === 0) await output.print(overview(program, COMMANDS, io.columns));
  else {
    const { command } = findCommand(positionals);
    if (command === undefined || command === 'help') await output.print(overview(program, COMMANDS, io.columns));
    else await output.print(helpFor(command, program, registry, io.columns));
  }
  return asked || values.flag('version') || values.flag('help') ? EXIT.done : EXIT.usage;
}

/** The registry with what --plugin and the config file add. */
async function extend(
  registry: AnyRegistry,
  rest: readonly string[],
  io: Io,
): Promise<{ readonly registry: AnyRegistry; readonly config: LoadedConfig }> {
  const named = namedBefore(rest);
  const config = await loadConfig(named.config, io);
  const imported = await Promise.all(named.plugins.map((name) => importPlugins(name, io.cwd)));
  const more = new Set<Plugin>([...config.plugins, ...imported.flat()].filter((p) => !registry.plugins.includes(p)));
  return { registry: more.size > 0 ? createRegistry([...registry.plugins, ...more]) : registry, config };
}

/** --plugin and --config, read before the other flags, since plug-ins bring flags of their own. */
function namedBefore(rest: readonly string[]): { readonly plugins: string[]; readonly config: string | undefined } {
  const plugins: string[] = [];
  let config: string | undefined;
  for (const [i, word] of rest.entries()) {
    if (word === '--') break;
    const [flag, inline] = word.split(/=(.*)/s);
    const value = inline ?? rest[i + 1];
    if (flag === '--plugin' && value !== undefined) plugins.push(value);
    if (flag === '--config' && value !== undefined) config = value;
  }
  return { plugins, config };
}

function parseFor(
  command: Command,
  rest: readonly string[],
  registry: AnyRegistry,
  taken: ReadonlySet<string>,
): Parsed {
  const own: readonly Flag[] = [...command.flags.flatMap(({ flags }) => flags), ...GENERAL_FLAGS];
  const shaping = command.shapesManifest ? [...MANIFEST_FLAGS, ...pluginFlags(pluginOptions(registry), taken)] : [];
  const reading = command.takesTokenizer ? pluginFlags(tokenizerOptions(registry), taken) : [];
  return parseFlags(rest, [...own, ...shaping, ...reading]);
}

function checkArguments(
  { name, usage, arguments: [least, most] }: Command,
  given: readonly string[],
  program: Program,
): void {
  const line = `${program.name} ${name} ${usage}`.trim();
  if (given.length < least) throw usageError('ARGUMENT_INVALID', `${name} needs more arguments.`, `Write ${line}.`);
  if (given.length > most)
    throw usageError('ARGUMENT_INVALID', `${name} does not take ${JSON.stringify(given[most])}.`, `Write ${line}.`);
}

/** `error CODE: what` and how to mend it; the stack of what is no error of ours, or with --debug. */
function describeError(error: unknown, output: Output, debug: boolean): string {
  const red = (text: string) => output.style(['bold', 'red'], text, 'stderr');
  if (!isUnrolledError(error)) {
    const { stack, message } = error instanceof Error ? error : new Error(String(error));
    return `${red('error')}: ${debug ? stack : message}\nThis is a fault of the program. --debug shows where it happened.`;
  }
  const { code, message, mend, stack, cause } = error as UnrolledError;
  const what = mend && message.endsWith(` ${mend}`) ? message.slice(0, -mend.length - 1) : message;
  const advice = mendOf(error);
  const lines = [`${red(`error ${code}`)}: ${what}`, ...(advice ? [advice] : [])];
  if (debug) lines.push(stack ?? '', ...(cause instanceof Error ? [`caused by ${cause.stack}`] : []));
  return lines.join('\n');
}

function nameOf({ name }: { readonly name: string }): string {
  return name;
}
