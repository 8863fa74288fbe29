// Executables whose memory is measured from outside.
import type { CompileSettings, Executable, NetworkDescription } from '@unrolled/core';
import { wasmBackend } from '../src/index.ts';

/** An executable, and the bytes of all memories that were made while it was compiled. */
export async function watched(
  network: NetworkDescription,
  settings: CompileSettings,
): Promise<{ readonly executable: Executable; readonly bytes: () => number }> {
  const { Memory } = WebAssembly;
  const memories: WebAssembly.Memory[] = [];
  WebAssembly.Memory = class extends Memory {
    constructor(descriptor: WebAssembly.MemoryDescriptor) {
      super(descriptor);
      memories.push(this);
    }
  };
  try {
    const executable = await wasmBackend()(network, settings);
    return { executable, bytes: () => memories.reduce((sum, { buffer }) => sum + buffer.byteLength, 0) };
  } finally {
    WebAssembly.Memory = Memory;
  }
}
