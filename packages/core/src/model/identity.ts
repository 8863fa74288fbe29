// Which model it is: what its weights came from, in one text.
import { sha256 } from '../files/checksum.ts';
import type { ModelRecord } from './record.ts';

const known = /* @__PURE__ */ new WeakMap<ModelRecord, string>();

/** The same for a model and its copies on any backend; another for other weights, since the same run gives the same ones. */
export function modelIdentity(record: ModelRecord): string {
  const found = known.get(record);
  if (found !== undefined) return found;
  const { network, settings, dataHash, updates } = record;
  const identity = sha256(JSON.stringify([network, settings, dataHash, updates]));
  known.set(record, identity);
  return identity;
}
