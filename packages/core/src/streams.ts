// Streams: sequences that come in step by step, over whatever an executable offers.
import type { Batch, Executable, StreamState, Tensor, Values } from './contracts/executable.ts';
import { UnrolledError } from './errors.ts';

/** `batch` streams that have had no step. @throws UnrolledError `EXECUTABLE_DISPOSED`, by backends that hold their own zeros */
export function beginStreams(executable: Pick<Executable, 'initialState'>, batch: number): StreamState {
  return { steps: new Int32Array(batch), values: executable.initialState(batch) };
}

/** @throws UnrolledError `NETWORK_DOES_NOT_STREAM` with the sentence that names the layer. */
export function checkStreams({ streams }: Pick<Executable, 'streams'>): void {
  if (streams === true) return;
  throw new UnrolledError('NETWORK_DOES_NOT_STREAM', `The network can't go step by step. ${streams}`, {
    mend: 'Give it whole sequences, or train one of forward layers alone.',
  });
}

/** The step of a backend that has no faster way: a forward call over one step. */
export function stepByForward(executable: Pick<Executable, 'streams' | 'forward'>): Executable['step'] {
  return async ({ steps, values }, x) => {
    checkStreams(executable);
    const { output, state } = await executable.forward(oneStep(steps, x), values, { mode: 'infer' });
    return [{ steps: steps.map((count) => count + 1), values: state }, lastAnswer(output)];
  };
}

function oneStep(start: Int32Array, x: Batch['inputs'][string]): Batch {
  const size = start.length;
  const lengths = new Int32Array(size).fill(1);
  return { size, time: 1, inputs: { x }, lengths, exampleIndex: new Int32Array(size), start };
}

/** The output of the one step, or of the sequences so far. */
function lastAnswer({ shape, data }: Tensor): Tensor {
  return { shape: shape.slice(-2), data };
}

/**
 * Streams of one network, those of one state after those of another, so that several callers' go through the network
 * together. The result shares nothing with `states`.
 * @throws UnrolledError `STATE_INVALID` for no states at all, or for states of different networks
 */
export function joinStreams(states: readonly StreamState[]): StreamState {
  const [first] = states;
  if (!first)
    throw new UnrolledError('STATE_INVALID', 'There are no streams to join: an empty array was given.', {
      mend: 'Give one state or more; beginStreams gives the first.',
    });
  const steps = Int32Array.from(states.flatMap((state) => [...state.steps]));
  const join = ([name, { shape, data }]: [string, Tensor]): [string, Tensor] => {
    const row = shape.slice(1);
    const joined = sized(data, steps.length * widthOf(row));
    let at = 0;
    for (const state of states) {
      const more = rowsNamed(state, name, row);
      joined.set(more, at);
      at += more.length;
    }
    return [name, { shape: [steps.length, ...row], data: joined }];
  };
  return { steps, values: Object.fromEntries(Object.entries(first.values).map(join)) };
}

/**
 * Streams `rows` of a batch, in that order; one may come twice, as the beams of a search do. The result shares nothing with
 * `state`.
 * @throws UnrolledError `STATE_INVALID` for a row that is not there
 */
export function takeStreams({ steps, values }: StreamState, rows: readonly number[]): StreamState {
  const absent = rows.find((row) => steps[row] === undefined);
  if (absent !== undefined)
    throw new UnrolledError('STATE_INVALID', `There is no stream ${absent}: the state has ${steps.length}, from 0.`, {
      mend: 'Name rows that it has.',
    });
  const take = ([name, { shape, data }]: [string, Tensor]): [string, Tensor] => {
    const width = widthOf(shape.slice(1));
    const taken = sized(data, rows.length * width);
    for (const [index, row] of rows.entries()) taken.set(data.subarray(row * width, (row + 1) * width), index * width);
    return [name, { shape: [rows.length, ...shape.slice(1)], data: taken }];
  };
  return {
    steps: Int32Array.from(rows, (row) => steps[row] as number),
    values: Object.fromEntries(Object.entries(values).map(take)),
  };
}

function rowsNamed({ steps, values }: StreamState, name: string, row: readonly number[]): Values {
  const found = values[name];
  const expected = [steps.length, ...row].join(', ');
  if (found?.shape.join(', ') === expected) return found.data;
  const what = found ? `one has it of shape [${found.shape.join(', ')}], not [${expected}]` : 'one has no such state';
  throw new UnrolledError('STATE_INVALID', `The streams to join are not of one network: of "${name}" ${what}.`, {
    mend: 'Join states of the same model or executable.',
  });
}

function sized(like: Values, length: number): Values {
  return like instanceof Float64Array ? new Float64Array(length) : new Float32Array(length);
}

function widthOf(row: readonly number[]): number {
  return row.reduce((product, size) => product * size, 1);
}
