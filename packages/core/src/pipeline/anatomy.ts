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
import type { LabelTable } from './labels.ts';
import { type NumberScale, standardised } from './number-scale.ts';
import { numberOf } from './targets.ts';
import type { Anatomy, ModelInput } from './types.ts';

/** Lays `model` open. Its weights are a copy. */
export async function anatomyOf(model: FittedModel): Promise<Anatomy> {
  const { network, maximumLength } = model.record;
  const { parameters } = await model.executable.read();
  const learns = learnsOfModel(model.record);
  const batch = async (input: ModelInput, target?: string | number): Promise<Batch> => {
    const raw = readInput(input, placeOf(input, 0), model.tokenizer, learns).slice(0, maximumLength);
    const plain = inputBatch([encodeForReading({ ...model, learns }, raw)], Int32Array.of(0), network);
    if (target === undefined) return plain;
    return { ...plain, targets: targetsOf(model, target), weights: Float64Array.of(1) };
  };
  return { network, parameters, batch };
}

/** A label or a number as the loss compares with it. */
function targetsOf({ record, labels }: FittedModel, target: string | number): Int32Array | Float64Array {
  const learns = learnsOfModel(record);
  if (learns === 'number' && typeof target === 'number')
    return Float64Array.of(standardised(record.scale as NumberScale, numberOf({ number: target }, 'The input')));
  if (learns === 'number')
    throw new UnrolledError('NOT_AVAILABLE', 'The model learned a number, not a label.', { mend: 'Give a number.' });
  if (learns !== 'label')
    throw new UnrolledError('NOT_AVAILABLE', 'The model did not learn one label of an example.', {
      mend: 'Leave the label out.',
    });
  const number = labels.shown.indexOf(target as string);
  if (number < 0) throw unknownLabel(target, labels);
  return record.network.target.kind === 'class' ? Int32Array.of(number) : Float64Array.of(number);
}

function unknownLabel(label: unknown, { shown }: LabelTable): UnrolledError {
  const near = typeof label === 'string' ? nearest(label, shown) : undefined;
  return new UnrolledError('LABEL_UNKNOWN', `The model has no label ${describe(label)}.`, {
    mend: near === undefined ? `Its labels are ${shown.join(', ')}.` : `Did you mean ${describe(near)}?`,
  });
}
