// Reads and writes amounts of memory as people write them: '64MB', '1.5 GiB', '65536'.
import { UnrolledError } from './errors.ts';
import { describe } from './options.ts';

const units: Readonly<Record<string, number>> = {
  '': 1,
  B: 1,
  KB: 1e3,
  MB: 1e6,
  GB: 1e9,
  KIB: 2 ** 10,
  MIB: 2 ** 20,
  GIB: 2 ** 30,
};

/** What an amount of memory must be, for messages. */
export const MEMORY_FORM = 'a text such as 64MB, 64MiB, 1.5GB or 65536 (bytes)';

/**
 * Bytes of an amount: a number with `B`, `KB`, `MB`, `GB` (powers of 1000), `KiB`, `MiB`, `GiB` (powers of 1024), or plain
 * bytes; undefined for anything else, or less than one byte.
 */
export function memoryBytes(amount: unknown): number | undefined {
  if (typeof amount !== 'string') return undefined;
  const [, number = '', unit = ''] = /^\s*(\d+(?:\.\d+)?)\s*([a-z]*)\s*$/i.exec(amount) ?? [];
  const bytes = Math.floor(Number(number || Number.NaN) * (units[unit.toUpperCase()] ?? Number.NaN));
  return bytes >= 1 ? bytes : undefined;
}

/** Bytes of an amount, as {@link memoryBytes} reads it. @throws UnrolledError `OPTION_INVALID` for anything else */
export function parseMemory(amount: string): number {
  const bytes = memoryBytes(amount);
  if (bytes !== undefined) return bytes;
  throw new UnrolledError('OPTION_INVALID', `A memory of ${describe(amount)} was asked for.`, {
    mend: `Give ${MEMORY_FORM}.`,
  });
}

/** An amount as text that {@link parseMemory} reads as no less: `'64MB'`. */
export function printMemory(bytes: number): string {
  const [unit, size] = bytes >= 1e6 ? ['MB', 1e6] : ['KB', 1e3];
  return `${Math.ceil((bytes / (size as number)) * 10) / 10}${unit}`;
}
