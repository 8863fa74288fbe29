// A cell that nobody tuned anything for, beside the LSTM of the same size.
import { shapes, trainingWork } from '../shapes.ts';
import { textOf } from '../table.ts';
import { comparedTable } from './compared.ts';
import { compete, type Part } from './part.ts';

/** Products of each cell from its inputs, and as many from its state. */
const products = { lstm: 4, outsider: 5 } as const;

/** Work done in a second, counted in the matrix products of each. */
export const cells: Part = async (settings, show) => {
  const found: Record<string, unknown> = {};
  for (const name of settings.shapes.filter((one) => one !== 'E')) {
    const shape = shapes[name];
    const kinds = Object.keys(products) as (keyof typeof products)[];
    const results = await compete(
      kinds.map((cell) => ({ name: cell, work: 'training', given: { shape, cell } })),
      settings,
    );
    const rate = (at: number): number =>
      trainingWork(shape, products[kinds[at] as keyof typeof products]) /
      (1e6 * (results[at]?.summary?.median ?? Number.NaN));
    const notes = [
      'outsider: peepholes, layer normalisation, a third state, a softmax gate, bounds; five products where the LSTM has four',
      `the LSTM does ${textOf(rate(0) / rate(1))} times as much work in a second`,
    ];
    const column = {
      name: 'GFLOP/s',
      of: (_: number, result: (typeof results)[number]) => rate(results.indexOf(result)),
    };
    show(comparedTable(`Cells, ${name}: a training step`, results, { ratio: '÷ LSTM', further: [column], notes }));
    found[name] = results;
  }
  return found;
};
