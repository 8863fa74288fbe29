// Says what went wrong, in the place where it did.
import { find } from './find.ts';

/** Shows an error's sentence in the element `id`; undefined hides it. */
export function showFault(id: string, error: unknown): void {
  const place = find(id);
  place.hidden = error === undefined;
  place.textContent = error === undefined ? '' : error instanceof Error ? error.message : String(error);
}
