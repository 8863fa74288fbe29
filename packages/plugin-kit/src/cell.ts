// What every recurrent cell must do.
import type { Backend, Cell, Direction } from '@unrolled/core';
import { type Check, check, expectThat } from './check.ts';
import { infer, moduleChecks, networkChecks, trialsOf } from './module-checks.ts';
import { batchOf, compileWith, meanOfSteps, networkOf } from './networks.ts';
import { expectAllClose, expectClose, rowsOf, toleranceOf } from './numeric.ts';
import { type Options, pluginChecks, smallSizes, UNITS, variantsOf } from './options.ts';

/** What a caller gives to the checks of a numeric plug-in. */
export interface NumericSettings {
  /** Does the arithmetic; one with float64 also checks gradients. */
  readonly backend: Backend;
  /** Options to try besides the defaults, each flag turned over and each choice. */
  readonly options?: readonly Options[];
}

/** Checks that every cell must pass. */
export function cellConformance(plugin: Cell, { backend, options = [] }: NumericSettings): readonly Check[] {
  const variants = variantsOf(plugin, smallSizes(plugin), options);
  const layered = (given: unknown, direction: Direction) => ({ module: plugin.module(given), direction, dropout: {} });
  const trial = (direction: Direction) =>
    trialsOf(variants, (given) => networkOf({ layers: [layered(given, direction)], output: meanOfSteps(3) }));
  const tolerance = toleranceOf(backend);
  return [
    ...pluginChecks(plugin, 'cell'),
    ...moduleChecks(
      plugin.name,
      variants.map((variant) => [variant.title, plugin.module(variant.options)]),
    ),
    check('names its source and what it accepts', () => {
      expectThat(plugin.source.trim() !== '', 'It must name the paper that it comes from.');
      expectThat(['steps', 'bag'].includes(plugin.accepts), `It accepts "${plugin.accepts}", not steps or a bag.`);
    }),
    check('has an option "units" that sizes its output', async () => {
      for (const { title, options: given } of variants) {
        expectThat(given.units === UNITS, `${title}: it must have an option "units".`);
        const executable = await compileWith(backend, networkOf({ layers: [layered(given, 'forward')] }));
        const name = `layers.0.${plugin.module(given).output}`;
        const traced = (await executable.trace(batchOf({ lengths: [2] }), executable.initialState(1), [name]))[name];
        expectThat(traced?.shape.join() === `2,1,${UNITS}`, `${title}: ${name} has shape [${traced?.shape}].`);
        executable.dispose();
      }
    }),
    ...networkChecks(backend, trial('forward')),
    check('carries all that it remembers in its states', async () => {
      for (const { title, network } of trial('forward')) {
        const executable = await compileWith(backend, network);
        const whole = batchOf({ lengths: [5] });
        const at = async (from: number, to: number, state = executable.initialState(1)) => {
          const x = (whole.inputs.x as Float64Array).slice(from * 2, to * 2);
          const part = { ...whole, time: to - from, inputs: { x }, lengths: Int32Array.of(to - from) };
          return (await executable.forward({ ...part, start: Int32Array.of(from) }, state, { mode: 'infer' })).state;
        };
        const parts = await at(2, 5, await at(0, 2));
        expectAllClose(
          `${title}: the state after 2 and 3 steps`,
          parts,
          (await infer(executable, whole)).state,
          tolerance,
        );
        executable.dispose();
      }
    }),
    check('runs backward as it runs forward over the reversed sequence', async () => {
      const [forward, backward] = [trial('forward'), trial('backward')];
      for (const [index, { title, network }] of forward.entries()) {
        const ahead = await compileWith(backend, network);
        const back = await compileWith(backend, (backward[index] as (typeof backward)[number]).network);
        const batch = batchOf({ lengths: [4] });
        const x = rowsOf({ shape: [4, 2], data: batch.inputs.x as Float64Array }, [3, 2, 1, 0]).data;
        const found = await infer(back, { ...batch, inputs: { x } });
        expectClose(`${title}: the output backward`, found.output, (await infer(ahead, batch)).output, tolerance);
        ahead.dispose();
        back.dispose();
      }
    }),
  ];
}
