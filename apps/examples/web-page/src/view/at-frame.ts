// Draws no more often than the screen does, so that a page keeps up with thousands of steps.

/** A function that hands its latest argument to `draw` at the next frame. */
export function atFrame<T>(draw: (latest: T) => void): (value: T) => void {
  let waiting: { readonly value: T } | undefined;
  return (value) => {
    if (!waiting)
      requestAnimationFrame(() => {
        const { value: latest } = waiting as { readonly value: T };
        waiting = undefined;
        draw(latest);
      });
    waiting = { value };
  };
}
