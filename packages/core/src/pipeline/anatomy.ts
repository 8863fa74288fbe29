// A trained model laid open, for tools that look inside.
import type { Batch } from '../contracts/executable.ts';
import { UnrolledError } from '../errors.ts';
import type { FittedModel } from '../model/fitted.ts';
import { learnsOfModel } from '../model/record.ts';
import { nearest } from '../nearest.ts';
import { describe } from '../options.ts';
import { inputBatch } from './batch.ts';
import { encodeForReading } from './codes.ts';
import { placeOf, readInput } from './inputs.ts';
import type { Anatomy, ModelInput } from './types.ts';

/** Lays `model` open. Its weights are a copy. */
export async function anatomyOf(model: FittedModel): Promise<Anatomy> {
  const { network, maximumLength } = model.record;
  const { parameters } = await model.executable.read();
  const learns = learnsOfModel(model.record);
  const batch = async (input: ModelInput, label?: string): Promise<Batch> => {
    const raw = readInput(input, placeOf(input, 0), model.tokenizer, learns).slice(0, maximumLength);
    const plain = inputBatch(
      [encodeForReading({ ...model, learns: learnsOfModel(model.record) }, raw)],
      Int32Array.of(0),
      network,
    );
    if (label === undefined) return plain;
    if (learns !== 'label')
      throw new UnrolledError('NOT_AVAILABLE', 'The model did not learn one label of an example.', {
        mend: 'Leave the label out.',
      });
    const number = model.labels.shown.indexOf(label);
    if (number < 0) {
      const { shown } = model.labels;
      const near = nearest(label, shown);
      throw new UnrolledError('LABEL_UNKNOWN', `The model has no label ${describe(label)}.`, {
        mend: near === undefined ? `Its labels are ${shown.join(', ')}.` : `Did you mean ${describe(near)}?`,
      });
    }
    const targets = network.target.kind === 'class' ? Int32Array.of(number) : Float64Array.of(number);
    return { ...plain, targets, weights: Float64Array.of(1) };
  };
  return { network, parameters, batch };
}
