// Help: the list of commands, and all that one command takes, plug-ins' options included.
import type { AnyRegistry } from '@unrolled/core';
import type { Command, Program } from '../context.ts';
import type { Flag } from '../flags/flag.ts';
import { MANIFEST_FLAGS } from '../flags/manifest.ts';
import { type PluginOption, placeholder, pluginOptions, SLOTS } from '../flags/plugin-flags.ts';
import { tokenizerOptions } from '../flags/tokenizer.ts';
import { width } from '../show/table.ts';

/** Flags that every command takes. */
export const GENERAL_FLAGS: readonly Flag[] = [
  { name: 'plugin', value: 'NAME', many: true, description: 'import a package of plug-ins (or ./file.js); repeatable' },
  { name: 'config', value: 'FILE', description: 'config or manifest; default unrolled.config.{js,mjs,json} if there' },
  { name: 'json', description: 'results as JSON' },
  { name: 'quiet', short: 'q', description: 'no notes and no progress' },
  { name: 'color', description: 'colours on a terminal; --no-color for none' },
  { name: 'debug', description: 'errors with their stack' },
  { name: 'help', short: 'h', description: 'this text' },
  { name: 'version', short: 'v', description: 'the version' },
];

/** Widest first column; a longer flag has its description on the next line. */
const FLAG_COLUMN = 30;
/** The same for lines to be typed. */
const LINE_COLUMN = 60;
/** Least width of what stands on the right. */
const ROOM = 30;

/** What the program does, with one line for each command. */
export function overview(program: Program, commands: readonly Command[], columns: number): string {
  const rows = commands.map(({ name, usage, summary }): Row => [`${name} ${usage}`.trim(), summary]);
  const begin: readonly Row[] = [
    [`${program.name} data check reviews.tsv`, 'look at the data first'],
    [`${program.name} train reviews.tsv --out model`, 'learn'],
    [`${program.name} evaluate model reviews.tsv`, 'measure on the held-out split'],
    [`${program.name} predict model "an instant classic"`, 'use'],
  ];
  return [
    `${program.name} ${program.version}: learn from sequences with recurrent networks`,
    section('Commands', lines([...rows, ['help [COMMAND]', 'what a command takes']], columns)),
    section('Begin with', lines(begin, columns, LINE_COLUMN)),
    section('For every command', lines(GENERAL_FLAGS.map(flagRow), columns)),
  ].join('\n\n');
}

/** All that a command takes. */
export function helpFor(command: Command, program: Program, registry: AnyRegistry, columns: number): string {
  const examples = command.examples.map(([line, what]): Row => [`${program.name} ${line}`, what]);
  const taken = new Set(
    [...GENERAL_FLAGS, ...MANIFEST_FLAGS, ...command.flags.flatMap((group) => group.flags)].map(nameOf),
  );
  const groups = command.flags.map(({ title, flags }) => section(title, lines(flags.map(flagRow), columns)));
  return [
    `${program.name} ${command.name} ${command.usage}`.trim(),
    `  ${command.summary}`,
    ...(examples.length > 0 ? [section('Examples', lines(examples, columns, LINE_COLUMN))] : []),
    ...groups,
    ...(command.shapesManifest
      ? [
          section('Model', lines(withNames(registry).map(flagRow), columns)),
          ...pluginHelp(pluginOptions(registry), taken, columns),
        ]
      : []),
    ...(command.takesTokenizer ? pluginHelp(tokenizerOptions(registry), taken, columns) : []),
    section('General', lines(GENERAL_FLAGS.map(flagRow), columns)),
  ]
    .join('\n\n')
    .replace('\n\n', '\n');
}

/** The manifest's flags, with the names that each slot can take. */
function withNames(registry: AnyRegistry): readonly Flag[] {
  return MANIFEST_FLAGS.map((flag) => {
    const names = registry.plugins.filter(({ kind }) => kind === flag.name).map(nameOf);
    const slot = (SLOTS as readonly string[]).includes(flag.name);
    return slot ? { ...flag, description: names.join(', ') || 'none registered' } : flag;
  });
}

function pluginHelp(options: readonly PluginOption[], taken: ReadonlySet<string>, columns: number): readonly string[] {
  const plugins = [...new Set(options.map(({ plugin }) => plugin))];
  return plugins.map((plugin) => {
    const own = options.filter((option) => option.plugin === plugin);
    const rows = own.map((option) => optionRow(option, taken));
    return section(`With --${plugin.kind} ${plugin.name}`, lines(rows, columns));
  });
}

function optionRow({ long, short, field }: PluginOption, taken: ReadonlySet<string>): Row {
  const name = taken.has(short) ? long : short;
  const description = field.description.replace(/\.$/, '');
  if (field.type === 'flag')
    return [field.default ? `--no-${name}` : `--${name}`, field.default ? `Not: ${description}` : description];
  return [`--${name} ${placeholder(field)}`, `${description} [${shown(field.default)}]`];
}

function shown(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function flagRow({ name, short, value, description }: Flag): Row {
  return [`--${name}${short ? `, -${short}` : ''}${value ? ` ${value}` : ''}`, description];
}

type Row = readonly [left: string, right: string];

function section(title: string, text: string): string {
  return `${title}\n${text}`;
}

/** Two columns, the right one wrapped; a left cell that is too wide stands on a line of its own. */
function lines(rows: readonly Row[], columns: number, most = FLAG_COLUMN): string {
  const widest = Math.min(most, columns - ROOM - 5);
  const fitting = rows.map(([left]) => width(left)).filter((wide) => wide <= widest);
  const left = Math.max(8, ...(fitting.length > 0 ? fitting : [widest]));
  const room = Math.max(ROOM, columns - left - 5);
  return rows
    .flatMap(([cell, text]) => {
      const [first = '', ...more] = wrap(text, room);
      const rest = more.map((line) => ' '.repeat(left + 4) + line);
      if (width(cell) <= left) return [`  ${cell}${' '.repeat(left - width(cell))}  ${first}`, ...rest];
      return [`  ${cell}`, ' '.repeat(left + 4) + first, ...rest];
    })
    .join('\n');
}

/** Lines of at most `room` characters, broken at spaces. */
function wrap(text: string, room: number): readonly string[] {
  const result: string[] = [];
  for (const word of text.split(' ')) {
    const last = result.at(-1);
    if (last !== undefined && width(last) + 1 + width(word) <= room) result[result.length - 1] = `${last} ${word}`;
    else result.push(word);
  }
  return result;
}

function nameOf({ name }: { readonly name: string }): string {
  return name;
}
