// JSON in one form: keys in the order of their UTF-16 units and no white space, so that equal data are equal text.
import type { Json } from '../options.ts';

/**
 * `value` as canonical JSON. Numbers and texts are written as `JSON.stringify` writes them.
 * Source: RFC 8785, JSON Canonicalization Scheme, section 3.2.
 */
export function canonicalJson(value: Json): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const members = Object.entries(value as Readonly<Record<string, Json>>).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${members.map(([key, member]) => `${JSON.stringify(key)}:${canonicalJson(member)}`).join(',')}}`;
}
