// Dropout and zoneout in training, by hand with the masks that core draws.
import { reference } from '@unrolled/backend-reference';
import { fillMask, initialise } from '@unrolled/core';
import { expect, test } from 'vitest';
import { lstmCell } from '../src/index.ts';

const units = 3;
const rates = { recurrentDropout: 0.5, zoneout: 0.25, cellZoneout: 0.375 };

const key = { seed: 4, update: 2 };
const bare = { parameters: {}, sizes: {}, constants: {}, shapes: {}, initial: {} };

/** A unit's mask as core draws it: 1 with the probability, else 0. */
function drawn(site: number, example: number, step: number, probability: number): number[] {
  const mask = new Float64Array(units);
  fillMask(mask, 0, units, { ...key, site, example, step }, probability, 1);
  return [...mask];
}

test.each([
  ['recurrent dropout', { recurrentDropout: 0.5 }],
  ['zoneout of the hidden state', { zoneout: 0.25 }],
  ['zoneout of the cell state', { cellZoneout: 0.375 }],
  ['all of them', rates],
])('%s', async (_, options) => {
  const executable = await reference.compile({})(
    {
      language: 1,
      input: { kind: 'vectors', size: 2 },
      layers: [{ module: lstmCell({ units, ...options }), direction: 'forward', dropout: {} }],
      output: { ...bare, name: 'steps', equations: 'y[t] = h[t]', output: 'y' },
      target: { kind: 'values', size: units, per: 'step' },
    },
    {},
  );
  const parameters = Object.fromEntries(
    executable.parameters.map((info) => [info.name, { shape: info.shape, data: initialise(info, 3) }]),
  );
  await executable.write({ parameters });
  const [time, examples] = [6, [11, 5]];
  const x = Float64Array.from({ length: time * 2 * 2 }, (__, index) => Math.sin(index));
  const batch = {
    size: 2,
    time,
    inputs: { x },
    lengths: Int32Array.of(time, time),
    exampleIndex: Int32Array.from(examples),
    start: new Int32Array(2),
  };
  const { output } = await executable.forward(batch, executable.initialState(2), { mode: 'train', key });

  const product = (name: string, vector: readonly number[]) => {
    const { shape, data } = parameters[`layers.0.${name}`] as { shape: readonly number[]; data: Float64Array };
    const columns = shape[1] ?? 1;
    return Array.from({ length: units }, (__, row) =>
      vector.reduce((sum, value, column) => sum + value * (data[row * columns + column] as number), 0),
    );
  };
  const bias = (name: string) => [...(parameters[`layers.0.${name}`]?.data ?? [])];
  const { recurrentDropout = 0, zoneout = 0, cellZoneout = 0 } = options as Partial<typeof rates>;
  let site = 0;
  const siteOf = (rate: number) => (rate > 0 ? site++ : -1);
  const [dropSite, cellSite, hiddenSite] = [recurrentDropout, cellZoneout, zoneout].map(siteOf) as [
    number,
    number,
    number,
  ];
  const none = new Array<number>(units).fill(0);
  for (const [row, example] of examples.entries()) {
    let [h, c] = [none, none];
    // One mask for the whole sequence, and what is kept is scaled up.
    const kept = recurrentDropout > 0 ? drawn(dropSite, example, 0, 1 - recurrentDropout) : none.map(() => 1);
    for (let step = 0; step < time; step += 1) {
      const [from, before] = [x.subarray((step * 2 + row) * 2, (step * 2 + row + 1) * 2), h];
      const dropped = h.map((value, unit) => (value * (kept[unit] as number)) / (1 - recurrentDropout));
      const gate = (name: string) => {
        const [a, b, d] = [product(`Wx${name}`, [...from]), product(`Wh${name}`, dropped), bias(`b${name}`)];
        return a.map((value, unit) => value + (b[unit] as number) + (d[unit] as number));
      };
      const sigmoid = (value: number) => 1 / (1 + Math.exp(-value));
      const [i, f, o] = ['i', 'f', 'o'].map((name) => gate(name).map(sigmoid)) as [number[], number[], number[]];
      const fresh = gate('g').map(
        (value, unit) => (f[unit] as number) * (c[unit] as number) + (i[unit] as number) * Math.tanh(value),
      );
      const keptCell = cellZoneout > 0 ? drawn(cellSite, example, step, cellZoneout) : none;
      const keptHidden = zoneout > 0 ? drawn(hiddenSite, example, step, zoneout) : none;
      c = fresh.map((value, unit) => (keptCell[unit] ? (c[unit] as number) : value));
      h = fresh.map((value, unit) =>
        keptHidden[unit] ? (before[unit] as number) : (o[unit] as number) * Math.tanh(value),
      );
      for (const [unit, value] of h.entries())
        expect(output.data[(step * 2 + row) * units + unit]).toBeCloseTo(value, 13);
    }
  }
});
