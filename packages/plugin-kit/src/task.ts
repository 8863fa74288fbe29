// What every task must do.
import type { NetworkDescription, Task } from '@unrolled/core';
import type { NumericSettings } from './cell.ts';
import { type Check, check, expectThat } from './check.ts';
import { infer, moduleChecks, networkChecks, trialsOf } from './module-checks.ts';
import { batchOf, CLASSES, compileWith, decoderOf, networkOf, simpleCell } from './networks.ts';
import { expectShape } from './numeric.ts';
import { pluginChecks, variantsOf } from './options.ts';

/** Checks that every task must pass. */
export function taskConformance(plugin: Task, { backend, options = [] }: NumericSettings): readonly Check[] {
  const variants = variantsOf(plugin, {}, options);
  const once = plugin.answers === 'once';
  const target: NetworkDescription['target'] = { kind: 'class', size: CLASSES, per: once ? 'sequence' : 'step' };
  const trials = trialsOf(variants, (given) => ({
    ...around(plugin, given),
    output: plugin.module(given, CLASSES),
    target,
  }));
  const places = { target, source: plugin.learns === 'sequence', ...(plugin.accepts === 'bag' && { input: bag }) };
  return [
    ...pluginChecks(plugin, 'task'),
    ...moduleChecks(
      plugin.name,
      variants.map((variant) => [variant.title, plugin.module(variant.options, CLASSES)]),
    ),
    check(once ? 'answers once for a sequence' : 'answers at each step', async () => {
      for (const { title, network } of trials) {
        const executable = await compileWith(backend, network);
        const { output } = await infer(executable, batchOf({ lengths: [3, 1], ...places }));
        expectShape(`${title}: the output`, output, once ? [2, CLASSES] : [3, 2, CLASSES]);
        executable.dispose();
      }
    }),
    check('streams or not, as it says', async () => {
      for (const { title, network } of trials) {
        const executable = await compileWith(backend, network);
        const { streams } = executable;
        const said = `${title}: it says streams: ${plugin.streams}, but the network says ${streams}.`;
        expectThat((streams === true) === plugin.streams, said);
        executable.dispose();
      }
    }),
    ...networkChecks(backend, trials),
  ];
}

const bag: NetworkDescription['input'] = { kind: 'bag', size: 4 };

/** A network that feeds the task what it accepts. */
function around({ accepts, learns, begin }: Task, given: unknown): NetworkDescription {
  if (accepts === 'bag') return networkOf({ input: bag, layers: [] });
  if (learns !== 'sequence') return networkOf();
  const first = begin?.(given, simpleCell);
  return decoderOf({
    layers: [{ module: simpleCell, direction: 'forward', dropout: {}, ...(first && { begin: first }) }],
  });
}
