// A stream as bytes: its state and its last logits as safetensors, NaN and all, and which model it is of.
import type { Tensor } from '../contracts/executable.ts';
import { isUnrolledError, UnrolledError } from '../errors.ts';
import { decodeSafetensors, encodeSafetensors, type StoredTensor, type TensorFile } from '../files/safetensors.ts';
import type { ModelStream } from '../pipeline/types.ts';

const FORMAT = 'unrolled-stream';
const VERSION = '1';
const LOGITS = 'logits';
const STEPS = 'steps';
const STATE = 'state.';

/** The stream as bytes, to be kept or sent; `decodeStream` reads them back bit for bit. */
export function encodeStream({ model, state, logits }: ModelStream): Uint8Array<ArrayBuffer> {
  const { steps, values } = state;
  const tensors: (readonly [string, StoredTensor])[] = Object.entries(values).map(([name, tensor]) => [
    `${STATE}${name}`,
    tensor,
  ]);
  tensors.push([LOGITS, logits], [STEPS, { shape: [steps.length], data: steps }]);
  return encodeSafetensors(tensors, { format: FORMAT, version: VERSION, model });
}

/** The stream of such bytes. @throws UnrolledError `STREAM_CORRUPT`, which says what is wrong; `STREAM_NEWER` */
export function decodeStream(bytes: Uint8Array): ModelStream {
  const { tensors, metadata } = openFile(bytes);
  if (metadata.get('format') !== FORMAT) throw corrupt('they are not those of a stream');
  const version = metadata.get('version');
  if (version !== VERSION)
    throw new UnrolledError(
      'STREAM_NEWER',
      `The stream has version ${version}, but this package reads version ${VERSION}.`,
      {
        mend: 'Update @unrolled/core.',
      },
    );
  const model = metadata.get('model');
  const steps = tensors.get(STEPS)?.data;
  if (model === undefined || !(steps instanceof Int32Array)) throw corrupt('they lack its model or its steps');
  const states = [...tensors].filter(([name]) => name.startsWith(STATE));
  const values = states.map(([name, tensor]) => [name.slice(STATE.length), floating(name, tensor)]);
  return {
    model,
    state: { steps, values: Object.fromEntries(values) },
    logits: floating(LOGITS, tensors.get(LOGITS)),
  };
}

function openFile(bytes: Uint8Array): TensorFile {
  try {
    return decodeSafetensors(bytes);
  } catch (cause) {
    throw isUnrolledError(cause) ? corrupt(cause.message, cause) : cause;
  }
}

function floating(name: string, tensor: StoredTensor | undefined): Tensor {
  if (tensor && !(tensor.data instanceof Int32Array)) return { shape: tensor.shape, data: tensor.data };
  throw corrupt(`they hold no numbers "${name}"`);
}

function corrupt(problem: string, cause?: unknown): UnrolledError {
  return new UnrolledError('STREAM_CORRUPT', `The bytes of a stream are damaged: ${problem}`.replace(/\.?$/, '.'), {
    mend: 'Begin the stream anew.',
    cause,
  });
}
