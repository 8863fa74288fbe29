// Reads and writes amounts of memory as people write them: '64MB', '1.5 GiB', '65536'.
import { UnrolledError } from '@unrolled/core';

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

/**
 * Bytes of an amount: a number with `B`, `KB`, `MB`, `GB` (powers of 1000), `KiB`, `MiB`, `GiB` (powers of 1024), or plain bytes.
 * @throws UnrolledError `OPTION_INVALID` for anything else, or less than one byte
 */
export function parseMemory(text: string): number {
  const [, number = '', unit = ''] = /^\s*(\d+(?:\.\d+)?)\s*([a-z]*)\s*$/i.exec(text) ?? [];
  const bytes = Math.floor(Number(number || Number.NaN) * (units[unit.toUpperCase()] ?? Number.NaN));
  if (bytes >= 1) return bytes;
  throw new UnrolledError('OPTION_INVALID', `A memory of "${text}" was asked for.`, {
    mend: "Give a number with a unit, such as '64MB', '64MiB' or '1.5GB', or plain bytes as text.",
  });
}

/** An amount as text that {@link parseMemory} reads as no less: `'64MB'`. */
export function printMemory(bytes: number): string {
  const [unit, size] = bytes >= 1e6 ? ['MB', 1e6] : ['KB', 1e3];
  return `${Math.ceil((bytes / (size as number)) * 10) / 10}${unit}`;
}
