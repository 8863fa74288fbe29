// Mistakes in the building of a module.
import { UnrolledError } from '@unrolled/core';

/** Stable codes of what can go wrong while a module is built. */
export type AssemblyCode =
  | 'ASSEMBLY_ARGUMENT_MISSING'
  | 'ASSEMBLY_FOREIGN_NAME'
  | 'ASSEMBLY_JUMP_FROM_OUTSIDE'
  | 'ASSEMBLY_MEMORY_INVALID'
  | 'ASSEMBLY_NAME_INVALID'
  | 'ASSEMBLY_NAME_TAKEN'
  | 'ASSEMBLY_NOT_CONSTANT'
  | 'ASSEMBLY_NOT_VARIABLE'
  | 'ASSEMBLY_VALUE_USED_TWICE';

/** The error of such a mistake: what was given, and how to mend it. */
export function assemblyError(code: AssemblyCode, message: string, mend: string): UnrolledError {
  return new UnrolledError(code, message, { mend });
}

/** Names that were found right: most come many times. */
const checked = new Set<string>();

/** @throws UnrolledError `ASSEMBLY_NAME_INVALID` where the text form has no such name. */
export function checkName(name: string): void {
  if (checked.has(name)) return;
  if (!/^[\w.$/-]+$/.test(name))
    throw assemblyError('ASSEMBLY_NAME_INVALID', `"${name}" is no name.`, 'Letters, digits and _ . $ / - make one.');
  checked.add(name);
}
