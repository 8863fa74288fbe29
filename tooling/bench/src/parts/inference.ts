// Answers of an LSTM for a whole batch, beside Keras and tf.layers.lstm.
import { cores } from '../cores.ts';
import { describeShape, type Shape, type ShapeName, shapes } from '../shapes.ts';
import { comparedTable } from './compared.ts';
import { compete, type Entry, type Part, type Result } from './part.ts';

/** From a batch of plain data to the answers as numbers; many to one, two classes. */
export const inference: Part = async (settings, show) => {
  const found: Partial<Record<ShapeName, readonly Result[]>> = {};
  for (const name of settings.shapes) {
    const shape = shapes[name];
    const results = await compete(entriesOf(shape), settings);
    show(comparedTable(`Inference, ${name}: ${describeShape(shape)} (batch × steps, inputs → units)`, results));
    found[name] = results;
  }
  return found;
};

function entriesOf(shape: Shape): readonly Entry[] {
  const given = { shape };
  return [
    { name: `Unrolled, ${cores} ${cores === 1 ? 'thread' : 'threads'}`, work: 'inference', given },
    { name: 'Unrolled on tfjs-node', peer: 'tfjs-node', work: 'our inference', given },
    { name: 'Keras, predict', peer: 'keras', work: 'inference', given: { shape, call: 'predict' } },
    { name: 'Keras, predict_on_batch', peer: 'keras', work: 'inference', given: { shape, call: 'predict_on_batch' } },
    { name: 'tf.layers.lstm, tfjs-node', peer: 'tfjs-node', work: 'inference', given },
  ];
}
