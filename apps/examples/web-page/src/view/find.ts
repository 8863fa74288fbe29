// Elements of index.html by id.

/** @throws Error where index.html has no such element, which is a mistake of this page */
export function find<T extends Element = HTMLElement>(id: string): T {
  const found = document.getElementById(id);
  if (!found) throw new Error(`index.html has no element "${id}".`);
  return found as unknown as T;
}
