// The parts of an encoder–decoder that decoding runs: compiled when they are first needed, with the weights of the moment.
import type { Executable, Tensor } from '../contracts/executable.ts';
import type { NetworkDescription } from '../contracts/network.ts';
import { decoderStepOf, encoderOf, type NetworkPart } from '../encoder-decoder.ts';
import { inputBatch } from './batch.ts';
import type { EncodedSequence } from './encode.ts';
import { serialise } from './serialise.ts';

/** Compiles a network as the model's own was. */
export type CompileLikeModel = (network: NetworkDescription) => Promise<Executable>;

/** What reads inputs and writes step by step, with the weights that the model had when it was loaded. */
export interface LoadedDecoder {
  /** Reads inputs: their memory `[time, batch, size]`, and what takes a step with it. */
  readonly encode: (
    sources: readonly EncodedSequence[],
    exampleIndex: Int32Array,
  ) => Promise<{ readonly memory: Tensor; readonly step: Executable }>;
}

/** The decoder of a model. */
export interface Decoder {
  /** Brings the weights of the moment in. */
  readonly load: () => Promise<LoadedDecoder>;
  /** Frees what it holds. */
  readonly dispose: () => void;
}

/** A network ready to be used, with its decoder where it has an encoder; disposing of the one frees the other. */
export async function compileWithDecoder(
  network: NetworkDescription,
  compile: CompileLikeModel,
): Promise<{ readonly executable: Executable; readonly decoder: Decoder | undefined }> {
  const executable = serialise(await compile(network));
  const decoder = createDecoder(network, executable, async (part) => serialise(await compile(part)));
  if (!decoder) return { executable, decoder };
  const dispose = (): void => {
    decoder.dispose();
    executable.dispose();
  };
  return { executable: { ...executable, dispose }, decoder };
}

/** The decoder of a network, where it has an encoder. @param whole - what holds the weights. */
function createDecoder(
  network: NetworkDescription,
  whole: Pick<Executable, 'read'>,
  compile: CompileLikeModel,
): Decoder | undefined {
  if (network.source?.kind !== 'encoder') return undefined;
  const encoderPart = encoderOf(network);
  let encoder: Promise<Executable> | undefined;
  let step: Promise<Executable> | undefined;
  return {
    load: async () => {
      const { parameters } = await whole.read();
      const write = async (executable: Executable, { parameterOf }: NetworkPart): Promise<Executable> => {
        const own = executable.parameters.map(({ name }) => [name, parameters[parameterOf(name)] as Tensor]);
        await executable.write({ parameters: Object.fromEntries(own) });
        return executable;
      };
      encoder ??= compile(encoderPart.network);
      const reads = await write(await encoder, encoderPart);
      return {
        encode: async (sources, exampleIndex) => {
          const batch = inputBatch(sources, exampleIndex, encoderPart.network);
          const { output: memory } = await reads.forward(batch, reads.initialState(batch.size), { mode: 'infer' });
          const stepPart = decoderStepOf(network, memory.shape[2] as number);
          step ??= compile(stepPart.network);
          return { memory, step: await write(await step, stepPart) };
        },
      };
    },
    dispose: () => {
      for (const part of [encoder, step]) void part?.then((executable) => executable.dispose()).catch(() => {});
      encoder = undefined;
      step = undefined;
    },
  };
}
