// Which way imports point: for each place under packages/, the places that its source may import.
import type { Package } from '../source/workspace.ts';

/** A rule of the layout; `*` stands for any one name. */
interface Layer {
  /** Under packages/: `core`, `cells/*`. */
  readonly place: string;
  /** Places whose public exports it may import. */
  readonly may: readonly string[];
}

const numeric = ['core', 'equations'];

/** The first rule whose place fits is the one that holds. */
const layers: readonly Layer[] = [
  { place: 'core', may: [] },
  { place: 'equations', may: ['core'] },
  { place: 'wasm', may: ['core'] },
  { place: 'tfjs', may: numeric },
  { place: 'backends/wasm', may: [...numeric, 'wasm'] },
  { place: 'backends/tfjs', may: [...numeric, 'tfjs'] },
  { place: 'backends/tfjs-node', may: [...numeric, 'tfjs'] },
  { place: 'word-vectors', may: ['core', 'wasm'] },
  { place: 'text-metrics', may: ['core'] },
  { place: 'vectorizers/word2vec', may: [...numeric, 'wasm', 'word-vectors'] },
  { place: 'vectorizers/*', may: [...numeric, 'word-vectors'] },
  ...['cells/*', 'attention', 'losses', 'optimizers', 'tasks/*', 'trainers/*', 'backends/*', 'inspect'].map(
    (place) => ({
      place,
      may: numeric,
    }),
  ),
  { place: 'cli', may: ['core', 'tensorboard', 'word-vectors'] },
  ...['tokenizers/*', 'datasets/*', 'tensorboard', 'plugin-kit', 'create-unrolled'].map((place) => ({
    place,
    may: ['core'],
  })),
  {
    place: 'examples',
    may: [
      ...numeric,
      ...['tokenizers/*', 'vectorizers/*', 'cells/*', 'attention', 'tasks/*', 'trainers/*', 'losses', 'optimizers'],
      ...['backends/wasm', 'datasets/*', 'text-metrics', 'word-vectors', 'inspect'],
    ],
  },
  {
    place: 'unrolled',
    may: [
      ...numeric,
      'wasm',
      ...['tokenizers/*', 'vectorizers/*', 'cells/*', 'attention', 'tasks/*', 'trainers/*', 'losses', 'optimizers'],
      ...['backends/reference', 'backends/wasm', 'inspect', 'word-vectors', 'examples', 'cli'],
    ],
  },
];

/** `cells` for packages/cells/lstm, `core` for packages/core, `apps` for what lies outside packages/. */
export function kindOf(folder: string): string {
  const [top = '', kind = ''] = folder.split('/');
  return top === 'packages' ? kind : top;
}

/** Whether two packages are plug-ins of one kind. */
export function sameKind(a: Package, b: Package): boolean {
  return a.folder.split('/').length === 3 && a.folder.startsWith('packages/') && kindOf(a.folder) === kindOf(b.folder);
}

/** The places that the source of `from` may import; undefined where anything public may be. Unknown places are an error. */
export function mayImport(from: Package): readonly string[] | undefined {
  if (!from.folder.startsWith('packages/')) return undefined;
  const layer = layers.find(({ place }) => fits(place, from));
  if (!layer) throw new Error(`${from.folder} has no layer: give it one in tooling/imports/layers.ts.`);
  return layer.may;
}

/** Whether `to` lies in one of `places`. */
export function liesIn(places: readonly string[], to: Package): boolean {
  return places.some((place) => fits(place, to));
}

function fits(place: string, { folder }: Package): boolean {
  const pattern = `packages/${place}`;
  return pattern.endsWith('/*') ? folder.startsWith(pattern.slice(0, -1)) : folder === pattern;
}
