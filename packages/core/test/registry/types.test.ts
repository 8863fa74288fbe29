// The registry's types as a user's code meets them; the root type check fails where an expected error is missing.
import {
  type AnyRegistry,
  createRegistry,
  type Evaluation,
  type LabelOf,
  type Pipeline,
  type Plugin,
} from '@unrolled/core';
import { describe, expect, expectTypeOf, it } from 'vitest';
import { samples, vanilla, words } from './samples.ts';

const base = {
  input: { tokenizer: { use: 'words' }, vectorizer: { use: 'one-hot' } },
  layers: [{ use: 'vanilla' }],
  task: { use: 'many-to-one' },
  backend: { use: 'single' },
} as const;

describe('a registry', () => {
  it('keeps the union of its plug-ins', () => {
    const few = createRegistry([words, vanilla]);
    expectTypeOf(few.plugins).toEqualTypeOf<readonly (typeof words | typeof vanilla)[]>();
    expectTypeOf(few.find('cell', 'vanilla')).toEqualTypeOf<typeof vanilla | undefined>();
    expectTypeOf(few.find('loss', 'squared-error')).toEqualTypeOf<undefined>();
    expectTypeOf(createRegistry([words]).with([vanilla]).plugins).toEqualTypeOf(few.plugins);
  });

  it('is a registry of any plug-ins, for code that knows none', () => {
    const any: AnyRegistry = samples;
    expect(any.find('cell', 'vanilla')).toBe(vanilla);
    const dynamic = createRegistry(samples.plugins as readonly Plugin[]);
    expect(dynamic.manifest({ ...base, layers: [{ use: 'vanilla', with: { units: 3 } }] }).layers).toHaveLength(1);
  });

  it('takes a manifest that it checked before', () => {
    const checked = samples.manifest({ ...base, target: { labels: ['negative', 'positive'] } });
    expect(samples.manifest(checked)).toEqual(checked);
    expectTypeOf(checked.format).toEqualTypeOf<1>();
    expectTypeOf(checked.target.labels).toEqualTypeOf<readonly ['negative', 'positive']>();
  });

  it('refuses a wrong name, a wrong option and a wrong key', () => {
    // @ts-expect-error Type '"vanila"' is not assignable to type '"vanilla" | "leaky"'. Did you mean '"vanilla"'?
    expect(() => samples.manifest({ ...base, layers: [{ use: 'vanila' }] })).toThrow('vanila');
    // @ts-expect-error 'leek' does not exist in type 'Partial<LeakyOptions>'
    expect(() => samples.manifest({ ...base, layers: [{ use: 'leaky', with: { units: 1, leek: 0 } }] })).toThrow(
      'leek',
    );
    // @ts-expect-error 'tasks' does not exist. Did you mean to write 'task'?
    expect(() => samples.manifest({ ...base, tasks: { use: 'many-to-one' } })).toThrow('tasks');
  });

  it('refuses pieces that do not fit', () => {
    const input = { tokenizer: { use: 'words' }, vectorizer: { use: 'bag-of-words' } } as const;
    // @ts-expect-error ✗ cell "vanilla" accepts steps, but vectorizer "bag-of-words" emits a bag
    expect(() => samples.manifest({ ...base, input })).toThrow('✗ cell "vanilla" accepts steps');
  });
});

describe('labels', () => {
  it('are known where the manifest names them', () => {
    expectTypeOf<LabelOf<{ target: { labels: readonly ['no', 'yes'] } }>>().toEqualTypeOf<'no' | 'yes'>();
    expectTypeOf<LabelOf<{ target: { labels: { readonly 0: 'no'; readonly 1: 'yes' } } }>>().toEqualTypeOf<
      'no' | 'yes'
    >();
    expectTypeOf<LabelOf<{ target: { labels: readonly string[] } }>>().toEqualTypeOf<string>();
    expectTypeOf<LabelOf<{ target: { labels?: never } }>>().toEqualTypeOf<string>();
    expectTypeOf<LabelOf<typeof base>>().toEqualTypeOf<string>();
  });

  it('are those of the pipeline and of what it predicts', async () => {
    const pipeline = samples.pipeline({ ...base, target: { labels: ['negative', 'positive'] } });
    expectTypeOf(pipeline).toEqualTypeOf<Pipeline<'negative' | 'positive'>>();
    expectTypeOf<Awaited<ReturnType<typeof pipeline.evaluate>>>().toEqualTypeOf<Evaluation<'negative' | 'positive'>>();
    expectTypeOf(samples.pipeline(base)).toEqualTypeOf<Pipeline<string>>();
    // @ts-expect-error 'neutral' is no label of this pipeline
    const wrong = { classWeights: { neutral: 1 } } satisfies Parameters<typeof pipeline.fit>[1];
    expect(wrong.classWeights.neutral).toBe(1);
    await expect(pipeline.predict('an instant classic')).rejects.toMatchObject({ code: 'NOT_FITTED' });
    expect(pipeline.manifest).toEqual(samples.manifest({ ...base, target: { labels: ['negative', 'positive'] } }));
  });
});
