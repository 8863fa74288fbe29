// Sizes and shapes that are not known yet: variables that unify, as in type inference.
import type { Shape } from './ir.ts';

/** A size: known, or a variable that stands for one. */
export interface Size {
  /** Another variable that this one was unified with. */
  same?: Size;
  /** Its value, once known. */
  value?: number;
}

/** A shape: known rank with sizes, or a variable that stands for a shape. */
export interface ShapeVariable {
  /** Another variable that this one was unified with. */
  same?: ShapeVariable;
  /** Its sizes, once the rank is known. */
  sizes?: readonly Size[];
}

/** A size that is not known yet. */
export const newSize = (): Size => ({});
/** A shape of which not even the rank is known. */
export const newShape = (): ShapeVariable => ({});
/** A known shape. */
export const known = (shape: Shape): ShapeVariable => ({ sizes: shape.map((value) => ({ value })) });
/** A scalar. */
export const scalar = (): ShapeVariable => ({ sizes: [] });
/** A vector. */
export const vector = (size: Size): ShapeVariable => ({ sizes: [size] });
/** A matrix. */
export const matrix = (rows: Size, columns: Size): ShapeVariable => ({ sizes: [rows, columns] });

/** The variable that stands for all it was unified with. */
function rootSize(size: Size): Size {
  let root = size;
  while (root.same) root = root.same;
  return root;
}

/** The variable that stands for all it was unified with. */
function rootShape(shape: ShapeVariable): ShapeVariable {
  let root = shape;
  while (root.same) root = root.same;
  return root;
}

/** Its sizes, or undefined while the rank is unknown. */
export function sizesOf(shape: ShapeVariable): readonly Size[] | undefined {
  return rootShape(shape).sizes?.map(rootSize);
}

/** Makes two sizes one; false where both are known and differ. */
function unifySizes(left: Size, right: Size): boolean {
  const [a, b] = [rootSize(left), rootSize(right)];
  if (a === b) return true;
  if (a.value !== undefined && b.value !== undefined) return a.value === b.value;
  if (a.value !== undefined) b.same = a;
  else a.same = b;
  return true;
}

/** Makes two shapes one; false where they can't be. */
export function unifyShapes(left: ShapeVariable, right: ShapeVariable): boolean {
  const [a, b] = [rootShape(left), rootShape(right)];
  if (a === b) return true;
  if (!a.sizes) a.same = b;
  else if (!b.sizes) b.same = a;
  else {
    const others = b.sizes;
    return a.sizes.length === others.length && a.sizes.every((size, i) => unifySizes(size, others[i] as Size));
  }
  return true;
}

/** The shape if all of it is known. */
export function resolved(shape: ShapeVariable): Shape | undefined {
  const values = sizesOf(shape)?.map((size) => size.value);
  return values?.every((value) => value !== undefined) ? (values as number[]) : undefined;
}

/** A shape as messages show it: `[64, ?]`, `a scalar`. */
export function shapeText(shape: ShapeVariable): string {
  const sizes = sizesOf(shape);
  if (!sizes) return 'a shape not yet known';
  return sizes.length === 0 ? 'a scalar' : `[${sizes.map((size) => size.value ?? '?').join(', ')}]`;
}
