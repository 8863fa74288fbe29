// Our LSTMs as ONNX models.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { initialise, type Tensors } from '@unrolled/core';
import { cache } from './cache.ts';
import { classes } from './networks.ts';
import { encodeOnnx, type Initial } from './onnx.ts';

/** ONNX's order of gates. */
const gates = ['i', 'o', 'f', 'g'] as const;

/** Writes an LSTM with random weights that goes one step: `x` `[1, 1, inputs]`, `h` and `c` `[1, 1, units]`. @returns the file */
export function writeStepModel(inputs: number, units: number): string {
  const random = (name: string, shape: readonly number[]): Initial => ({
    name,
    shape,
    data: Float32Array.from(initialise({ name, shape, init: { init: 'uniform', minimum: -0.1, maximum: 0.1 } }, 1)),
  });
  const state = (name: string) => ({ name, type: 'float32', shape: [1, 1, units] }) as const;
  const file = join(cache, `step-${inputs}-${units}.onnx`);
  const model = encodeOnnx({
    initials: [random('W', [1, 4 * units, inputs]), random('R', [1, 4 * units, units]), random('B', [1, 8 * units])],
    operations: [
      {
        type: 'LSTM',
        inputs: ['x', 'W', 'R', 'B', '', 'h', 'c'],
        outputs: ['y', 'hNext', 'cNext'],
        integers: { hidden_size: units },
      },
    ],
    inputs: [{ name: 'x', type: 'float32', shape: [1, 1, inputs] }, state('h'), state('c')],
    outputs: [state('hNext'), state('cNext')],
  });
  writeFileSync(file, model);
  return file;
}

/** An embedding, an LSTM whose last step is pooled, and logits: `ids` `[time, batch]` and `lengths` `[batch]` to `logits`. */
export function encodeClassifier(parameters: Tensors): Uint8Array {
  const of = (name: string): Float32Array => Float32Array.from(parameters[name]?.data ?? missing(name));
  const [vocabulary = 0, size = 0] = parameters['input.E']?.shape ?? missing('input.E');
  const [units = 0] = parameters['layers.0.bi']?.shape ?? missing('layers.0.bi');
  const byGate = (prefix: string): Float32Array => concatenated(gates.map((gate) => of(`layers.0.${prefix}${gate}`)));
  return encodeOnnx({
    initials: [
      { name: 'E', shape: [vocabulary, size], data: of('input.E') },
      { name: 'W', shape: [1, 4 * units, size], data: byGate('Wx') },
      { name: 'R', shape: [1, 4 * units, units], data: byGate('Wh') },
      // It has two biases where the equations have one.
      { name: 'B', shape: [1, 8 * units], data: concatenated([byGate('b'), new Float32Array(4 * units)]) },
      { name: 'first', shape: [1], data: BigInt64Array.of(0n) },
      { name: 'Why', shape: [classes, units], data: of('output.Why') },
      { name: 'by', shape: [classes], data: of('output.by') },
    ],
    operations: [
      { type: 'Gather', inputs: ['E', 'ids'], outputs: ['e'] },
      {
        type: 'LSTM',
        inputs: ['e', 'W', 'R', 'B', 'lengths'],
        outputs: ['', 'last'],
        integers: { hidden_size: units },
      },
      { type: 'Squeeze', inputs: ['last', 'first'], outputs: ['h'] },
      { type: 'Gemm', inputs: ['h', 'Why', 'by'], outputs: ['logits'], integers: { transB: 1 } },
    ],
    inputs: [
      { name: 'ids', type: 'int64', shape: ['time', 'batch'] },
      { name: 'lengths', type: 'int32', shape: ['batch'] },
    ],
    outputs: [{ name: 'logits', type: 'float32', shape: ['batch', classes] }],
  });
}

function concatenated(parts: readonly Float32Array[]): Float32Array {
  const whole = new Float32Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

function missing(name: string): never {
  throw new Error(`The network has no parameter ${name}.`);
}
