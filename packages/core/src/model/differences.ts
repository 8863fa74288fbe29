// Where two pieces of plain data differ, as short sentences.
import { describe, type Json } from '../options.ts';

/** A path and both values for each place where `before` and `now` differ. */
export function differences(before: Json | undefined, now: Json | undefined, path = ''): string[] {
  if (isObject(before) && isObject(now)) {
    const keys = [...new Set([...Object.keys(before), ...Object.keys(now)])];
    return keys.flatMap((key) => differences(before[key], now[key], path === '' ? key : `${path}.${key}`));
  }
  if (Array.isArray(before) && Array.isArray(now) && before.length === now.length)
    return before.flatMap((item, index) => differences(item, now[index], `${path}[${index}]`));
  return Object.is(before, now) ? [] : [`${path} was ${describe(before)} and is now ${describe(now)}`];
}

function isObject(value: Json | undefined): value is { readonly [key: string]: Json } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
