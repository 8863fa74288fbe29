// The registry's types: messages, completions and hovers as an editor shows them, and the sentences of the run time.
import { createRegistry, isUnrolledError, type Misfit } from '@unrolled/core';
import { describe, expect, it } from 'vitest';
import { sentences } from '../../../packages/core/src/registry/sentences.ts';
import { fitting, misfitCases, unregisteredCase, without } from '../../../packages/core/test/registry/cases.ts';
import { samples } from '../../../packages/core/test/registry/samples.ts';
import { compileNatively } from '../src/native.ts';
import { compileSnippets } from '../src/snippets.ts';

const imports = `import { samples } from '../../packages/core/test/registry/samples.ts';
import { createRegistry } from '../../packages/core/src/index.ts';
`;
/** A manifest as people write it: keys without quotes. */
const source = (manifest: object) => JSON.stringify(manifest).replaceAll(/"(\w+)":/g, '$1:');
/** A snippet that checks a manifest. */
const checking = (manifest: object, registry = 'samples') =>
  `${imports}export const checked = ${registry}.manifest(${source(manifest)});`;
/** A snippet that checks {@link fitting} with one slot written anew, as source text. */
const typing = (slot: keyof typeof fitting, text: string) =>
  checking({ ...fitting, [slot]: '<slot>' }).replace('"<slot>"', text);

const snippets = {
  fits: checking(fitting),
  'nothing optional': checking({
    input: fitting.input,
    layers: [{ use: 'vanilla' }],
    task: fitting.task,
    backend: { use: 'single' },
  }),
  'checked twice': `${checking(fitting)} samples.manifest(checked);`,
  'binary labels': checking({ ...fitting, loss: { use: 'binary-cross-entropy' } }),
  'labels of a variable': `declare const labels: string[];\n${typing('target', '{ labels }')}`,
  'layers of a variable': `declare const units: number[];
${typing('layers', "units.map((size) => ({ use: 'vanilla', with: { units: size } }))")}`,
  'one of two cells': `declare const leaks: boolean;\n${typing('layers', "[{ use: leaks ? 'leaky' : 'vanilla' }]")}`,
  'renamed labels': checking({ ...fitting, target: { labels: { 0: 'negative', 1: 'positive' } } }),
  ...Object.fromEntries(misfitCases.map(({ title, manifest }) => [title, checking(manifest)])),
  [unregisteredCase.title]: checking(unregisteredCase.manifest, 'createRegistry([])'),
  // TypeScript's own errors
  'wrong name': checking({ ...fitting, layers: [{ use: 'vanila' }] }),
  'wrong name beside a misfit': checking({
    ...fitting,
    input: { tokenizer: { use: 'wrods' }, vectorizer: { use: 'bag-of-words' } },
  }),
  'wrong option': checking({ ...fitting, layers: [{ use: 'leaky', with: { units: 8, leek: 0.1 } }] }),
  'option of another cell': checking({ ...fitting, layers: [{ use: 'vanilla', with: { leak: 0.1 } }] }),
  'option of a plug-in that has none': checking({ ...fitting, task: { use: 'many-to-one', with: { pool: 'max' } } }),
  'option of another type': checking({ ...fitting, layers: [{ use: 'leaky', with: { units: '8' } }] }),
  'value of no choice': checking({ ...fitting, layers: [{ use: 'leaky', with: { activation: 'sigmoid' } }] }),
  'unknown key': checking({ ...fitting, tasks: fitting.task }),
  'unknown key of a layer': checking({ ...fitting, layers: [{ use: 'vanilla', width: { units: 8 } }] }),
  'no task': checking(without(fitting, 'task')),
  'newer format': checking({ ...fitting, format: 2 }),
  // Editors
  'names of a slot': typing('layers', "[{ use: '¦' }]"),
  'names of the second layer': typing('layers', "[{ use: 'vanilla' }, { use: '¦' }]"),
  'options of a cell': typing('layers', "[{ use: 'leaky', with: { ¦ } }]"),
  'options left': typing('layers', "[{ use: 'leaky', with: { units: 3, ¦ } }]"),
  'words of a choice': typing('layers', "[{ use: 'leaky', with: { activation: '¦' } }]"),
  'keys of a layer': typing('layers', '[{ ¦ }]'),
  'keys of the input': typing('input', '{ ¦ }'),
  'keys of the optimizer': typing('optimizer', "{ use: 'sgd', ¦ }"),
  'keys of the manifest': `${imports}samples.manifest({ ¦ });`,
  'names where none is registered': `${imports}createRegistry([]).manifest({ backend: { use: '¦' } });`,
  precisions: typing('backend', "{ use: 'single', precision: '¦' }"),
  'hover of the data': checking(fitting).replace('checked', 'checked¦'),
  'hover of a pipeline': `${checking(fitting)} const pipeline = samples.pipeline(checked); pipeline¦;`,
  'hover of a label': `${checking(fitting)} const { label } = await samples.pipeline(checked).predict(''); label¦;`,
  'labels of a class weight': `${checking(fitting)} samples.pipeline(checked).fit([], { classWeights: { ¦ } });`,
  'hover of a plug-in found': `${imports}export const cell = samples.find('loss', 'squared-error'); cell¦;`,
};
const compiled = compileSnippets(snippets);
const messages = (name: string) => compiled.mistakes(name).map(({ path, message }) => `${path}: ${message}`);
const sentenceOf = (message: string) => JSON.parse(/'("✗.*")'\.$/.exec(message)?.[1] ?? 'null');

describe('a manifest that fits', () => {
  it.each([
    'fits',
    'nothing optional',
    'checked twice',
    'binary labels',
    'renamed labels',
    'labels of a variable',
    'layers of a variable',
    'one of two cells',
  ])('compiles: %s', (name) => {
    expect(messages(name)).toEqual([]);
  });
});

describe('a misfit', () => {
  const cases = [...misfitCases, unregisteredCase];

  it.each(cases)('has one sentence, typed or resolved: $title', ({ title, manifest, misfits }) => {
    const typed = compiled.mistakes(title).map(({ path, message }) => [path, sentenceOf(message)]);
    const registry = title === unregisteredCase.title ? createRegistry([]) : samples;
    expect(inOrder(typed)).toEqual(inOrder(misfits));
    expect(inOrder(misfitsOf(() => registry.resolve(manifest)))).toEqual(inOrder(misfits));
  });

  it('has a case for every sentence', () => {
    const said = cases.flatMap(({ misfits }) => misfits.map(([, sentence]) => sentence));
    const unsaid = Object.entries(sentences).filter(([, template]) => {
      const pattern = template.replaceAll(/[()."]/g, '\\$&').replaceAll(/\{\w+\}/g, '.+');
      return !said.some((sentence) => new RegExp(`^${pattern}$`).test(sentence));
    });
    expect(unsaid).toEqual([]);
  });
});

describe('the native compiler', () => {
  it('says the same sentences', () => {
    const checks = [...misfitCases, unregisteredCase].map(({ manifest, title }, index) =>
      checking(manifest, title === unregisteredCase.title ? 'createRegistry([])' : 'samples')
        .replace(imports, '')
        .replace('checked', `checked${index}`),
    );
    const { version, output } = compileNatively([imports, ...checks].join('\n'));
    const said = output.split('\n').flatMap((line) => (line.includes('snippet.ts(') ? [sentenceOf(line)] : []));
    expect(version).toMatch(/^7\./);
    expect(said.sort()).toEqual(
      [...misfitCases, unregisteredCase].flatMap(({ misfits }) => misfits.map(([, s]) => s)).sort(),
    );
  });
});

describe("TypeScript's own errors", () => {
  it.each([
    'wrong name',
    'wrong name beside a misfit',
    'wrong option',
    'option of another cell',
    'option of a plug-in that has none',
    'option of another type',
    'value of no choice',
    'unknown key',
    'unknown key of a layer',
    'no task',
    'newer format',
  ])('speak alone: %s', (name) => {
    expect(messages(name)).toHaveLength(1);
    expect(messages(name)[0]).toMatchSnapshot();
  });
});

describe('an editor', () => {
  it.each([
    'names of a slot',
    'names of the second layer',
    'options of a cell',
    'options left',
    'words of a choice',
    'keys of a layer',
    'keys of the input',
    'keys of the optimizer',
    'keys of the manifest',
    'names where none is registered',
    'precisions',
    'labels of a class weight',
  ])('completes %s', (name) => {
    expect(compiled.completions(name)).toMatchSnapshot();
  });

  it.each(['hover of the data', 'hover of a pipeline', 'hover of a label', 'hover of a plug-in found'])(
    'shows the %s',
    (name) => {
      expect(compiled.hover(name)).toMatchSnapshot();
    },
  );
});

function misfitsOf(resolve: () => unknown): readonly (readonly string[])[] {
  try {
    resolve();
  } catch (error) {
    if (!isUnrolledError(error, 'MANIFEST_MISFIT')) throw error;
    return (error.data.misfits as readonly Misfit[]).map(({ path, sentence }) => [path, sentence]);
  }
  throw new Error('The registry resolved it.');
}

/** The compiler lists mistakes by their place in the text, the registry by the manifest's own order. */
function inOrder<T extends readonly unknown[]>(misfits: readonly T[]): readonly T[] {
  return [...misfits].sort(([a], [b]) => (String(a) < String(b) ? -1 : 1));
}
