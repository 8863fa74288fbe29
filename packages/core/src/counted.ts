// Numbers of things in messages: one thing, two things.

/** `3 steps`, `1 step`. @param written - the number as it is shown. */
export function counted(count: number, noun: string, written: string = String(count)): string {
  return `${written} ${noun}${count === 1 ? '' : 's'}`;
}
