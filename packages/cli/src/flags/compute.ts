// Flags of how a backend computes: they change speed, memory and rounding, not what is computed.
import { type CompileSettings, MEMORY_FORM, memoryBytes } from '@unrolled/core';
import { type Flag, type FlagValues, invalid } from './flag.ts';
import { defined } from './run-flags.ts';

/** Settings that every backend takes. */
export const COMPILE_FLAGS: readonly Flag[] = [
  { name: 'precision', value: 'float32|float64', description: 'what the backend computes in' },
  { name: 'threads', value: 'N', description: 'threads, where the backend has them; it chooses by default' },
  { name: 'memory', value: 'SIZE', description: 'bound on activations (64MB), where the backend can recompute them' },
  { name: 'numerics', value: 'exact|fast', description: 'fast gives up the same bits on every machine' },
];

/** What the flags say about compiling. @throws UnrolledError `FLAG_INVALID` */
export function compileSettings(values: FlagValues): CompileSettings {
  return defined({
    precision: values.choice('precision', ['float32', 'float64']),
    threads: values.integer('threads', 1),
    memory: memory(values.text('memory')),
    numerics: values.choice('numerics', ['exact', 'fast']),
  });
}

function memory(text: string | undefined): string | undefined {
  if (text === undefined || memoryBytes(text) !== undefined) return text;
  throw invalid('memory', MEMORY_FORM, text);
}
