// Pictures a little moved and zoomed, so that a network learns what they show and not where each pixel stands.
import { drawUniform } from '@unrolled/core';
import type { Picture } from './nearest-picture.ts';

/** Pixels that a picture is moved by at most, along each side. */
const furthest = 1;

/** Share by which it is made larger or smaller at most. */
const largest = 0.05;

/** Numbers of a pixel: red, green and blue. */
const channels = 3;

/**
 * A picture `[height, width × 3]` moved and zoomed about its middle by amounts that its number decides, with pixels between pixels
 * interpolated (bilinear) and what comes in from outside white, which is 1.
 */
export function movedPicture(picture: Picture, seed: number, number: number): number[][] {
  const draw = (unit: number): number => 2 * drawUniform({ seed, purpose: 'sample', example: number }, unit) - 1;
  const zoom = 1 + largest * draw(0);
  const [height, width] = [picture.length, (picture[0]?.length ?? 0) / channels];
  const sourceOf = (size: number, move: number) => (at: number) => (at - (size - 1) / 2) / zoom + (size - 1) / 2 + move;
  const [rowOf, columnOf] = [sourceOf(height, furthest * draw(1)), sourceOf(width, furthest * draw(2))];
  return Array.from({ length: height }, (_, row) =>
    Array.from({ length: width * channels }, (__, at) =>
      between(picture, rowOf(row), columnOf(Math.floor(at / channels)), at % channels),
    ),
  );
}

/** A channel at a place that may lie between pixels. */
function between(picture: Picture, row: number, column: number, channel: number): number {
  const [top, left] = [Math.floor(row), Math.floor(column)];
  const [down, right] = [row - top, column - left];
  const at = (dy: number, dx: number): number =>
    left + dx < 0 ? 1 : (picture[top + dy]?.[(left + dx) * channels + channel] ?? 1);
  return (1 - down) * ((1 - right) * at(0, 0) + right * at(0, 1)) + down * ((1 - right) * at(1, 0) + right * at(1, 1));
}
