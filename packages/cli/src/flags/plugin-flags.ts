// Flags generated from the option schemas of the registered plug-ins: --units, or in full --cell-units.
import type { AnyRegistry, Json, OptionField, Plugin, UnrolledError } from '@unrolled/core';
import { usageError } from '../usage.ts';
import { type Flag, type FlagValues, invalid, parseNumber } from './flag.ts';

/** Kinds of plug-in that a manifest names one of, in its order. */
export const SLOTS = ['tokenizer', 'vectorizer', 'cell', 'task', 'loss', 'optimizer', 'trainer', 'backend'] as const;

/** One of {@link SLOTS}. */
export type SlotName = (typeof SLOTS)[number];

/** An option of a plug-in, and what sets it. */
export interface PluginOption {
  readonly plugin: Plugin;
  readonly kind: SlotName;
  /** As the schema names it: `minimumCount`. */
  readonly option: string;
  readonly field: OptionField<unknown>;
  /** Always available: `vectorizer-minimum-count`. */
  readonly long: string;
  /** Available where no other flag is called so: `minimum-count`. */
  readonly short: string;
}

/** Every option of every plug-in that fits a slot. */
export function pluginOptions(registry: AnyRegistry): readonly PluginOption[] {
  return registry.plugins.flatMap((plugin) =>
    isSlot(plugin.kind)
      ? Object.entries(plugin.options.fields as Record<string, OptionField<unknown>>).map(([option, field]) => ({
          plugin,
          kind: plugin.kind as SlotName,
          option,
          field,
          long: `${plugin.kind}-${kebab(option)}`,
          short: kebab(option),
        }))
      : [],
  );
}

/** One flag for each name of `options`, but for the short ones in `taken`. */
export function pluginFlags(options: readonly PluginOption[], taken: ReadonlySet<string>): readonly Flag[] {
  const names = new Set(options.flatMap(({ long, short }) => (taken.has(short) ? [long] : [short, long])));
  return [...names].map((name) => {
    const meant = options.filter(({ long, short }) => name === long || name === short);
    const allFlags = meant.every(({ field }) => field.type === 'flag');
    return {
      name,
      ...(!allFlags && { value: placeholder((meant[0] as PluginOption).field) }),
      description: [...new Set(meant.map(({ field }) => field.description))].join(' / '),
    };
  });
}

/**
 * The options that the flags set, for the plug-ins chosen by slot (several cells where layers differ).
 * @throws UnrolledError `FLAG_INVALID`: the flag belongs to a plug-in that is not chosen, to several, or its value is wrong
 */
export function chosenOptions(
  values: FlagValues,
  options: readonly PluginOption[],
  chosen: Readonly<Partial<Record<SlotName, readonly string[]>>>,
  taken: ReadonlySet<string>,
): readonly { readonly kind: SlotName; readonly plugin: Plugin; readonly option: string; readonly value: Json }[] {
  const names = new Set(options.flatMap(({ long, short }) => [long, short]).filter((name) => values.has(name)));
  return [...names]
    .filter((name) => options.some(({ long }) => long === name) || !taken.has(name))
    .flatMap((name) => {
      const meant = options.filter(({ long, short }) => name === long || name === short);
      const active = meant.filter(({ kind, plugin }) => chosen[kind]?.includes(plugin.name));
      if (active.length === 0) throw notChosen(name, meant);
      if (new Set(active.map(({ kind }) => kind)).size > 1) throw ambiguous(name, active);
      return active.map(({ kind, plugin, option, field }) => {
        const value = optionValue(name, field, values);
        checkValue(name, plugin, option, value);
        return { kind, plugin, option, value };
      });
    });
}

/** `minimumCount` → `minimum-count`. */
function kebab(name: string): string {
  return name.replace(/([a-z0-9])([A-Z])/g, '$1-$2').toLowerCase();
}

/** What help shows in place of the value. */
export function placeholder({ type, choices }: OptionField<unknown>): string {
  if (type === 'choice') return (choices ?? []).join('|');
  if (type === 'data') return 'JSON';
  return type === 'text' ? 'TEXT' : 'N';
}

function isSlot(kind: string): kind is SlotName {
  return (SLOTS as readonly string[]).includes(kind);
}

function optionValue(name: string, { type }: OptionField<unknown>, values: FlagValues): Json {
  if (type === 'flag') {
    const text = values.text(name) as string | boolean | undefined;
    if (typeof text === 'boolean') return text;
    if (text === 'true' || text === 'false') return text === 'true';
    throw invalid(name, 'true or false', String(text));
  }
  const text = values.text(name) as string;
  if (type === 'text' || type === 'choice') return text;
  if (type !== 'data') return parseNumber(name, text, type !== 'number');
  try {
    return JSON.parse(text);
  } catch {
    return text; // a plain word; the schema's own check says what it thinks of it
  }
}

function checkValue(name: string, plugin: Plugin, option: string, value: Json): void {
  const { issues } = plugin.options['~standard'].validate({ [option]: value });
  if (issues)
    throw usageError(
      'FLAG_INVALID',
      `--${name} ${issues.map(({ message }) => message).join('; ')}.`,
      `Correct it, or leave --${name} out.`,
    );
}

function notChosen(name: string, meant: readonly PluginOption[]): UnrolledError {
  const owners = [...new Set(meant.map(({ kind, plugin }) => `${kind} "${plugin.name}"`))];
  const { kind, plugin } = meant[0] as PluginOption;
  return usageError(
    'FLAG_INVALID',
    `--${name} is an option of ${owners.join(', ')}, which is not used here.`,
    `Add --${kind} ${plugin.name}, or leave --${name} out.`,
  );
}

function ambiguous(name: string, active: readonly PluginOption[]): UnrolledError {
  const longs = [...new Set(active.map(({ long }) => `--${long}`))];
  return usageError('FLAG_INVALID', `--${name} could be ${longs.join(' or ')}.`, 'Write the one that you mean.');
}
