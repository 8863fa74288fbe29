// Small pipelines and small data for the tests of this folder.
import { createPipeline, type Example, type Json, type Model, type Pipeline, registry } from '../src/index.ts';

export { registry };

/** A small manifest; `changes` replace whole slots. */
export function manifest(changes: Readonly<Record<string, Json>> = {}): Readonly<Record<string, Json>> {
  return {
    input: { tokenizer: { use: 'words' }, vectorizer: { use: 'embedding', with: { size: 5 } } },
    layers: [{ use: 'vanilla', with: { units: 6 }, dropout: { input: 0.2 } }],
    task: { use: 'many-to-one', with: { pool: 'mean' } },
    optimizer: { use: 'adam', with: { learningRate: 0.02 }, clip: { norm: 1 } },
    trainer: { use: 'bptt' },
    backend: { use: 'wasm' },
    ...changes,
  };
}

/** A small pipeline. */
export function pipeline(changes: Readonly<Record<string, Json>> = {}): Pipeline {
  return createPipeline(registry.resolve(manifest(changes)));
}

const good = ['good', 'great', 'fine', 'lovely', 'superb'];
const bad = ['bad', 'poor', 'dull', 'weak', 'awful'];
const neutral = ['the', 'film', 'is', 'a', 'plot', 'and', 'its', 'cast', 'of', 'story', 'with', 'scenes', 'music'];

/** `count` reviews of one to twelve words whose one strong word gives the label. The same each time. */
export function reviews(count: number): Example[] {
  let state = 12345;
  const draw = (below: number): number => {
    state = (Math.imul(state, 1103515245) + 12345) >>> 0;
    return Math.floor((state / 4294967296) * below);
  };
  return Array.from({ length: count }, (_, index) => {
    const positive = index % 3 !== 0;
    const words = Array.from({ length: draw(12) }, () => neutral[draw(neutral.length)] as string);
    words.splice(draw(words.length + 1), 0, (positive ? good : bad)[draw(5)] as string);
    return { text: words.join(' '), label: positive ? 'positive' : 'negative' };
  });
}

/** Every file of a model, as text where it is text, to compare two models bit for bit. */
export async function bytesOf(model: Model): Promise<Record<string, string>> {
  const files = await model.toFiles({ slim: true });
  return Object.fromEntries([...files].map(([path, bytes]) => [path, Buffer.from(bytes).toString('latin1')]));
}
