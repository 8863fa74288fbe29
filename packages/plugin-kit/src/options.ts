// What every plug-in carries whatever its kind: name, package, contract and options.
import { CONTRACT, type OptionField, type Plugin, parseOptions } from '@unrolled/core';
import { type Check, check, expectRefusal, expectThat } from './check.ts';
import { expectPlain, same } from './plain.ts';

/** Options as plain data. */
export type Options = Readonly<Record<string, unknown>>;

/** Checks that hold for a plug-in of any kind. */
export function pluginChecks(plugin: Plugin, kind: Plugin['kind']): readonly Check[] {
  const { options } = plugin;
  const fields = Object.entries(options.fields as Readonly<Record<string, OptionField<unknown>>>);
  const validate = (value: unknown) => options['~standard'].validate(value);
  return [
    check(`is a ${kind} of contract ${CONTRACT}`, () => {
      expectThat(plugin.kind === kind, `Its kind must be "${kind}", but it is "${plugin.kind}".`);
      expectThat(plugin.contract === CONTRACT, `Its contract must be ${CONTRACT}, but it is ${plugin.contract}.`);
      expectThat(
        /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(plugin.name),
        `Its name must be words in small letters joined by hyphens, but it is "${plugin.name}".`,
      );
      expectThat(
        /^(@[a-z0-9._-]+\/)?[a-z0-9][a-z0-9._-]*$/.test(plugin.package),
        `Its package must be the name of an npm package, but it is "${plugin.package}".`,
      );
    }),
    check('describes its options, with defaults that it takes itself', () => {
      expectThat(options['~standard'].version === 1, 'Its options must be a Standard Schema of version 1.');
      expectThat(same(Object.keys(options.defaults), Object.keys(options.fields)), 'Every option must have a default.');
      expectPlain('The defaults', options.defaults);
      for (const [name, { description }] of fields)
        expectThat(description.trim().length > 0, `Option "${name}" must have a description.`);
      expectThat(same(validate(options.defaults).value, options.defaults), 'It must take its own defaults.');
    }),
    check('fills in options that are left out', () => {
      for (const empty of [{}, undefined])
        expectThat(same(validate(empty).value, options.defaults), `${String(empty)} must give the defaults.`);
    }),
    check('refuses unknown options, wrong types and values out of bounds', async () => {
      const refuses = (given: Options) =>
        expectRefusal(JSON.stringify(given), () => parseOptions(options, given, plugin.name), ['OPTION_INVALID']);
      await refuses({ 'no such option': 1 });
      for (const [name, field] of fields) for (const value of wrongValues(field)) await refuses({ [name]: value });
    }),
  ];
}

function wrongValues({ type, minimum, maximum }: OptionField<unknown>): readonly unknown[] {
  if (type === 'data') return [];
  if (type === 'flag') return ['yes', 1, null];
  if (type === 'text') return [1, null];
  if (type === 'choice') return ['no such choice', null];
  const outside = [...(minimum === undefined ? [] : [minimum - 1]), ...(maximum === undefined ? [] : [maximum + 1])];
  return ['1', Number.NaN, null, ...outside, ...(type === 'number' ? [] : [0.5])];
}

/** Options to try a plug-in with. */
export interface Variant<O> {
  /** For the names of checks: `defaults`, `lowercase: false`. */
  readonly title: string;
  /** All options. */
  readonly options: O;
}

/**
 * The defaults, each flag turned over, each choice, and what the caller adds; `base` replaces defaults, for instance by
 * sizes that are quick to test.
 */
export function variantsOf(plugin: Plugin, base: Options, more: readonly Options[]): readonly Variant<any>[] {
  const defaults = { ...(plugin.options.defaults as Options), ...base };
  const fields = Object.entries(plugin.options.fields as Readonly<Record<string, OptionField<unknown>>>);
  const single = fields.flatMap(([name, { type, choices = [] }]) => {
    const others = type === 'flag' ? [!defaults[name]] : choices.filter((choice) => choice !== defaults[name]);
    return others.map((value) => ({ [name]: value }));
  });
  const changed = [...single, ...more].map((change) => ({
    title: Object.entries(change)
      .map(([name, value]) => `${name}: ${JSON.stringify(value)}`)
      .join(', '),
    options: { ...defaults, ...change },
  }));
  return [{ title: 'defaults', options: defaults }, ...changed];
}

/** What an option "units" is where {@link smallSizes} stand. */
export const UNITS = 3;
const OTHER_SIZES = 2;

/** Sizes that are quick to test. */
export function smallSizes(plugin: Plugin): Options {
  const fields = Object.entries(plugin.options.fields as Readonly<Record<string, { readonly type: string }>>);
  const sizes = fields.filter(([, { type }]) => type === 'size');
  return Object.fromEntries(sizes.map(([name]) => [name, name === 'units' ? UNITS : OTHER_SIZES]));
}
