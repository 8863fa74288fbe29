// --tokenizer with the options of the registered tokenizers, for commands that take a tokenizer and no manifest.
import { type AnyRegistry, nearest, parseOptions, type TokenizerInstance } from '@unrolled/core';
import type { Context } from '../context.ts';
import { usageError } from '../usage.ts';
import type { Flag } from './flag.ts';
import { chosenOptions, type PluginOption, pluginOptions } from './plugin-flags.ts';

/** The flag that names the tokenizer. */
export const TOKENIZER_FLAG: Flag = {
  name: 'tokenizer',
  value: 'NAME',
  description: 'how texts become words; the first registered by default',
};

/** The options of every tokenizer. */
export function tokenizerOptions(registry: AnyRegistry): readonly PluginOption[] {
  return pluginOptions(registry).filter(({ kind }) => kind === 'tokenizer');
}

/** The tokenizer that the flags say. @throws UnrolledError `FLAG_INVALID` */
export function tokenizerFromFlags({ registry, values, taken }: Context): TokenizerInstance {
  const tokenizers = registry.plugins.filter((plugin) => plugin.kind === 'tokenizer');
  const name = values.text('tokenizer');
  const plugin = name === undefined ? tokenizers[0] : tokenizers.find((one) => one.name === name);
  if (!plugin) {
    const names = tokenizers.map((one) => one.name);
    const near = name === undefined ? undefined : nearest(name, names);
    throw usageError(
      'FLAG_INVALID',
      name === undefined ? 'There is no tokenizer.' : `--tokenizer ${name} is not registered.`,
      near ? `Did you mean ${near}?` : `Registered are ${names.join(', ') || 'none'}; --plugin adds others.`,
    );
  }
  const chosen = chosenOptions(values, tokenizerOptions(registry), { tokenizer: [plugin.name] }, taken);
  const options = Object.fromEntries(chosen.map(({ option, value }) => [option, value]));
  return plugin.create(parseOptions(plugin.options, options, `tokenizer "${plugin.name}"`));
}
