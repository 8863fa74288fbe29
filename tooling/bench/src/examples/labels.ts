// Networks that give a label to a sequence, or to each of its steps, as PyTorch is given them.
import type { Example, Pipeline } from '@unrolled/core';
import type { TrainedNetwork } from '@unrolled/examples';
import type { Kind, Quality } from './compared.ts';
import { checkInput, describeLayers, pack } from './describe.ts';

/** Class numbers of an example, one or one for each step. @param numberOf - of a label. */
type Targets = (example: Example, numberOf: (label: string) => number) => readonly number[];

/** One label for a sequence. */
export const manyToOne: Kind = {
  ...labels(({ label }, numberOf) => [numberOf(label as string)]),
  script: 'many_to_one',
};

/** A label for each step. */
export const manyToMany: Kind = {
  ...labels(({ labels: all = [] }, numberOf) => all.map(numberOf)),
  script: 'many_to_many',
};

function labels(targets: Targets): Omit<Kind, 'script'> {
  return {
    describe: (network) => describe(network, targets),
    ours: async ({ pipeline, test }) => qualityOf(await (pipeline as Pipeline<string>).evaluate(test)),
    theirs: qualityOf,
  };
}

function qualityOf({ accuracy }: { readonly accuracy: number }): Quality {
  return { accuracy };
}

async function describe({ pipeline, train, test }: TrainedNetwork, targets: Targets) {
  const { network, batch } = await pipeline.anatomy();
  const { input, layers, output } = network;
  checkInput(input);
  if (!output.parameters.Why) throw new Error('The output layer must stand alone.');
  const { labels: all } = (pipeline as Pipeline<string>).info();
  const numbers = new Map(all.map((label, number) => [label, number]));
  const encode = async (examples: readonly Example[]) => {
    const batches = await Promise.all(examples.map((example) => batch(example)));
    return {
      x: pack(
        batches.map(({ inputs }) => inputs.x ?? []),
        input.kind === 'ids' ? 0 : input.size,
      ),
      y: pack(examples.map((example) => targets(example, (label) => numbers.get(label) as number))),
    };
  };
  return {
    layers: describeLayers(layers),
    pool: /p = (\w+)_s\(h\[s\]\)/.exec(output.equations)?.[1] ?? null,
    dropout: output.constants.dropout ?? 0,
    train: await encode(train),
    test: await encode(test),
  };
}
