// The matrix products of an LSTM's training step and nothing else: what the engine's own products reach without a network.
import { GEMM_SCRATCH_BYTES, gemm, ModuleBuilder, packedBytes } from '@unrolled/wasm';
import type { Shape } from './shapes.ts';

type Kernel = (...numbers: number[]) => void;

/** Bytes of a page of WebAssembly's memory. */
const PAGE = 65536;

/**
 * One thread's run of the list: inputs of all steps by Wx, then for each step the state by Wh, then for each step backwards the
 * gates' gradients by Whᵀ, then both weights' gradients. Weights are packed anew each time, as after an update.
 */
export function gemmList({ batch, steps, inputs, units }: Shape): () => void {
  const gates = 4 * units;
  const rows = batch * steps;
  let end = GEMM_SCRATCH_BYTES;
  const place = (bytes: number): number => {
    const at = end;
    end += Math.ceil(bytes / 64) * 64;
    return at;
  };
  const matrix = (height: number, width: number): number => place(4 * height * width);
  const x = matrix(rows, inputs);
  const wx = matrix(inputs, gates);
  const wh = matrix(units, gates);
  const packedWx = place(packedBytes(inputs, gates));
  const packedWh = place(packedBytes(units, gates));
  const packedWhTransposed = place(packedBytes(gates, units));
  const z = matrix(rows, gates);
  const h = matrix(rows, units);
  const dh = matrix(batch, units);
  const dwx = matrix(inputs, gates);
  const dwh = matrix(units, gates);
  const { memory, pack, packTransposed, packedProduct, transposedProduct } = instantiate(Math.ceil(end / PAGE));
  const floats = new Float32Array(memory.buffer);
  for (let i = GEMM_SCRATCH_BYTES / 4; i < floats.length; i++) floats[i] = ((i * 7919) % 1024) / 1024 - 0.5;
  return () => {
    pack(wx, 4 * gates, packedWx, inputs, gates);
    pack(wh, 4 * gates, packedWh, units, gates);
    packTransposed(wh, 4 * gates, packedWhTransposed, gates, units);
    packedProduct(x, 4 * inputs, packedWx, z, 4 * gates, rows, gates, inputs, 0, 0);
    for (let step = 0; step < steps; step++) {
      const [of, into] = [h + 4 * batch * units * step, z + 4 * batch * gates * step];
      packedProduct(of, 4 * units, packedWh, into, 4 * gates, batch, gates, units, 1, 0);
    }
    for (let step = steps - 1; step >= 0; step--)
      packedProduct(
        z + 4 * batch * gates * step,
        4 * gates,
        packedWhTransposed,
        dh,
        4 * units,
        batch,
        units,
        gates,
        0,
        0,
      );
    transposedProduct(x, 4 * inputs, z, 4 * gates, dwx, 4 * gates, inputs, gates, rows, 0, 0);
    transposedProduct(h, 4 * units, z, 4 * gates, dwh, 4 * gates, units, gates, rows, 0, 0);
  };
}

function instantiate(pages: number) {
  const module = new ModuleBuilder({ memory: { minimum: pages, export: 'memory' } });
  const { pack, packTransposed, packedProduct, transposedProduct } = gemm(module);
  for (const one of [pack, packTransposed, packedProduct, transposedProduct]) module.export(one);
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(module.toBinary()));
  const kernel = (name: string): Kernel => exports[name] as Kernel;
  return {
    memory: exports.memory as WebAssembly.Memory,
    pack: kernel('pack'),
    packTransposed: kernel('pack_transposed'),
    packedProduct: kernel('packed_product'),
    transposedProduct: kernel('transposed_product'),
  };
}
