// One step of inference at batch 1, the state carried along, beside other libraries.
import { type ShapeName, shapes } from '../shapes.ts';
import { comparedTable, microseconds } from './compared.ts';
import { compete, type Entry, type Part, type Result } from './part.ts';

/** One step, with the shapes' inputs and units. */
export const streaming: Part = async (settings, show) => {
  const found: Partial<Record<ShapeName, readonly Result[]>> = {};
  for (const name of settings.shapes) {
    const { inputs, units } = shapes[name];
    const given = { inputs, units };
    const entries: readonly Entry[] = [
      { name: 'Unrolled, with its output layer', work: 'step', given },
      { name: 'PyTorch LSTMCell', peer: 'pytorch', work: 'step', given },
      { name: 'Keras LSTMCell, tf.function', peer: 'keras', work: 'step', given },
      { name: 'onnxruntime-node LSTM', peer: 'onnxruntime', work: 'step', given },
    ];
    const results = await compete(entries, settings);
    show(comparedTable(`One step at batch 1, ${name}: ${inputs} → ${units}`, results, { unit: microseconds }));
    found[name] = results;
  }
  return found;
};
