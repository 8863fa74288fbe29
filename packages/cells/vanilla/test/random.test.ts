// Dropout and zoneout in training, by hand with the masks that core draws.
import { reference } from '@unrolled/backend-reference';
import { fillMask, initialise } from '@unrolled/core';
import { expect, test } from 'vitest';
import { vanillaCell } from '../src/index.ts';

const units = 4;

const key = { seed: 4, update: 2 };
const bare = { parameters: {}, sizes: {}, constants: {}, shapes: {}, initial: {} };

/** A unit's mask as core draws it: 1 with the probability, else 0. */
function drawn(site: number, example: number, step: number, probability: number): number[] {
  const mask = new Float64Array(units);
  fillMask(mask, 0, units, { ...key, site, example, step }, probability, 1);
  return [...mask];
}

test.each([
  ['recurrent dropout', 0.5, 0],
  ['zoneout', 0, 0.25],
  ['both', 0.25, 0.375],
])('%s', async (_, recurrentDropout, zoneout) => {
  const executable = await reference.compile({})(
    {
      language: 1,
      input: { kind: 'vectors', size: 1 },
      layers: [{ module: vanillaCell({ units, recurrentDropout, zoneout }), direction: 'forward', dropout: {} }],
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
  const x = Float64Array.from({ length: time * 2 }, (__, index) => Math.sin(index));
  const batch = {
    size: 2,
    time,
    inputs: { x },
    lengths: Int32Array.of(time, time),
    exampleIndex: Int32Array.from(examples),
    start: new Int32Array(2),
  };
  const { output } = await executable.forward(batch, executable.initialState(2), { mode: 'train', key });

  const value = (name: string, index: number) => parameters[`layers.0.${name}`]?.data[index] as number;
  const none = new Array<number>(units).fill(0);
  for (const [row, example] of examples.entries()) {
    let h = none;
    // One mask for the whole sequence, and what is kept is scaled up.
    const kept = recurrentDropout > 0 ? drawn(0, example, 0, 1 - recurrentDropout) : none.map(() => 1);
    for (let step = 0; step < time; step += 1) {
      const before = h;
      const dropped = h.map((old, unit) => (old * (kept[unit] as number)) / (1 - recurrentDropout));
      const zoned = zoneout > 0 ? drawn(recurrentDropout > 0 ? 1 : 0, example, step, zoneout) : none;
      h = none.map((__, unit) => {
        const from = value('Wxh', unit) * (x[step * 2 + row] as number) + value('bh', unit);
        const sum = dropped.reduce((all, old, column) => all + value('Whh', unit * units + column) * old, from);
        return zoned[unit] ? (before[unit] as number) : Math.tanh(sum);
      });
      for (const [unit, wanted] of h.entries())
        expect(output.data[(step * 2 + row) * units + unit]).toBeCloseTo(wanted, 13);
    }
  }
});
