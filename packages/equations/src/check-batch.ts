// Checks a batch and a state against a network before any backend computes with them.
import {
  type Batch,
  counted,
  type NetworkDescription,
  type State,
  type StateInfo,
  UnrolledError,
} from '@unrolled/core';
import { type BatchInput, batchInputs, batchInputsOf, inputWidth } from './batch-inputs.ts';
import { sizeOf } from './ir.ts';

/**
 * Checks that a batch fits a network. One of no sequences or of no steps fits: nothing is computed of it.
 * @throws UnrolledError `BATCH_INVALID` that names what does not fit: a size, time, length, start or example number that is no
 * whole number or out of range; another number of values than the shape's, in the message; an input of another name; ids
 * and classes that there are none of, at true steps; targets without weights, or the other way round
 */
export function checkBatch(batch: Batch, network: NetworkDescription): void {
  const { target } = network;
  if (!isRecord(batch)) fail(String(batch), 'a batch { size, time, inputs, lengths, … }');
  const { size, time, lengths, inputs, targets, weights } = batch;
  whole('size', size);
  whole('time', time);
  for (const name of ['lengths', 'exampleIndex', 'start'] as const) {
    if (!isRecord(batch[name])) fail(`no ${name}`, `${name} [batch]`);
    count(name, batch[name].length, size, '[batch]');
  }
  for (const length of lengths) {
    if (!(Number.isInteger(length) && length >= 0 && length <= time))
      fail(`a length of ${length} in a batch of ${time} steps`, `whole lengths from 0 to ${time}`);
  }
  for (const steps of batch.start)
    if (!(Number.isInteger(steps) && steps >= 0)) fail(`a start of ${steps} steps`, 'whole starts of at least 0');
  for (const example of batch.exampleIndex)
    if (!Number.isInteger(example)) fail(`an exampleIndex of ${example}`, 'whole numbers');
  if (!isRecord(inputs)) fail('no inputs', 'an input named x');
  if (network.source) checkSourceLengths(batch, network.source.kind);
  for (const each of batchInputsOf(network)) checkInput(each, batch);
  const terms = target.per === 'step' ? time * size : size;
  const shape = target.per === 'step' ? 'time, batch' : 'batch';
  if (targets && !weights) fail('targets without weights', 'both, or neither');
  if (weights && !targets) fail('weights without targets', 'both, or neither');
  if (targets) {
    const per = target.kind === 'class' ? 1 : target.size;
    count('targets', targets.length, terms * per, target.kind === 'class' ? `[${shape}]` : `[${shape}, ${per}]`);
    if (target.kind === 'class')
      checkIds('targets', targets, target.per === 'step' ? lengths : undefined, size, target.size);
  }
  if (weights) count('weights', weights.length, terms, `[${shape}]`);
}

/** An input of the right name has as many numbers as its shape says, and ids that there are. */
function checkInput(input: BatchInput, batch: Batch): void {
  const { name, kind, per } = input;
  const { size, time, inputs, lengths } = batch;
  const values = inputs[name];
  if (!values) fail(`inputs ${Object.keys(inputs).join(', ') || 'without a name'}`, `an input named ${name}`);
  const width = inputWidth(input);
  const places = per === 'step' ? 'time, batch' : 'batch';
  const shape = kind === 'vectors' ? `[${places}, ${width}]` : `[${places}]`;
  count(`inputs.${name}`, values.length, (per === 'step' ? time : 1) * size * width, shape);
  const trueSteps = name === batchInputs.source ? batch.sourceLengths : lengths;
  if (kind === 'ids') checkIds(`inputs.${name}`, values, per === 'step' ? trueSteps : undefined, size, input.size);
}

/** A source ends with its sequence or before; a memory that is handed over ends with its own. */
function checkSourceLengths({ sourceLengths, lengths, size }: Batch, kind: 'encoder' | 'memory'): void {
  if (!isRecord(sourceLengths)) {
    if (kind === 'memory') return;
    fail('no sourceLengths', 'sourceLengths [batch]');
  }
  const given = sourceLengths as Int32Array;
  count('sourceLengths', given.length, size, '[batch]');
  for (const [row, steps] of lengths.entries()) {
    const length = given[row] as number;
    if (kind === 'memory' && length !== steps)
      fail(
        `a sourceLength of ${length} beside a length of ${steps} (sequence ${row})`,
        'equal ones, or no sourceLengths',
      );
    if (!(Number.isInteger(length) && length >= 0 && length <= steps))
      fail(
        `a sourceLength of ${length} beside a length of ${steps} (sequence ${row})`,
        `whole sourceLengths from 0 to the length, which is that of the longer of both sequences`,
      );
  }
}

/** @throws UnrolledError `BATCH_INVALID` where batches can't have so many sequences and steps */
export function checkExtent(size: number, time: number): void {
  whole('size', size);
  whole('time', time);
}

/** What JavaScript callers may leave out, whatever the types say. */
function isRecord(value: unknown): boolean {
  return typeof value === 'object' && value !== null;
}

/** @throws UnrolledError `STATE_INVALID` that names what does not fit. */
export function checkState(state: State, infos: readonly StateInfo[], batch: number): void {
  if (!isRecord(state)) invalid(String(state), 'states by name, as initialState gives them');
  for (const { name, shape } of infos) {
    const given = state[name];
    const expected = [batch, ...shape];
    if (!given) invalid(`no state "${name}"`, `a state [${expected.join(', ')}]`);
    const wanted = `[${expected.join(', ')}]`;
    const found = `state "${name}" of shape [${given.shape.join(', ')}]`;
    if (given.shape.join() !== expected.join()) invalid(found, wanted);
    const { length } = given.data;
    if (length !== sizeOf(expected))
      invalid(`${found} with ${length} numbers`, `${wanted}, which is ${sizeOf(expected)}`);
  }
}

/** Class numbers at true steps must name a row; padding is never looked at. */
function checkIds(
  name: string,
  ids: ArrayLike<number>,
  lengths: Int32Array | undefined,
  size: number,
  classes: number,
): void {
  for (let row = 0; row < size; row++) {
    const steps = lengths ? (lengths[row] as number) : 1;
    for (let t = 0; t < steps; t++) {
      const id = ids[t * size + row] as number;
      if (!(Number.isInteger(id) && id >= 0 && id < classes))
        fail(`${id} in ${name} (sequence ${row}, step ${t})`, `whole numbers from 0 to ${classes - 1}`);
    }
  }
}

function whole(name: string, value: number): void {
  if (!Number.isInteger(value) || value < 0) fail(`${name} ${value}`, `a whole ${name} of at least 0`);
}

function count(name: string, given: number, expected: number, shape: string): void {
  if (given !== expected) fail(`${name} of ${counted(given, 'number')}`, `${shape}, which is ${expected}`);
}

function fail(found: string, expected: string): never {
  throw new UnrolledError('BATCH_INVALID', `A batch does not fit the network: found ${found}; expected ${expected}.`, {
    mend: 'Give it as expected; sequences are time-major, [time, batch].',
  });
}

function invalid(found: string, expected: string): never {
  throw new UnrolledError('STATE_INVALID', `A state does not fit the network: found ${found}; expected ${expected}.`, {
    mend: 'Begin with initialState of this network, for as many sequences as the batch has.',
  });
}
