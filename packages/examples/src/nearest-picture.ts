// The picture nearest to another, pixel by pixel: what a memory of pictures looks up.

/** A picture as rows of numbers. */
export type Picture = readonly (readonly number[])[];

/**
 * Finds, of `pictures`, the nearest to another: that with the least sum of squared differences of its numbers. Of equals the
 * first is nearest. All are of one size.
 * @returns a function from a picture to the number of the nearest.
 */
export function createNearestPicture(pictures: readonly Picture[]): (picture: Picture) => number {
  const memory = pictures.map(numbersOf);
  return (picture) => {
    const own = numbersOf(picture);
    let [nearest, least] = [0, Infinity];
    for (const [index, other] of memory.entries()) {
      const distance = distanceOf(own, other, least);
      if (distance < least) [nearest, least] = [index, distance];
    }
    return nearest;
  };
}

/** The sum of squared differences; once it is no longer below `limit`, some part of it. */
function distanceOf(a: Float32Array, b: Float32Array, limit: number): number {
  let distance = 0;
  for (let start = 0; start < a.length && distance < limit; start += piece) {
    const end = Math.min(start + piece, a.length);
    for (let at = start; at < end; at += 1) {
      const difference = (a[at] as number) - (b[at] as number);
      distance += difference * difference;
    }
  }
  return distance;
}

/** Numbers between two looks at the limit. */
const piece = 64;

function numbersOf(picture: Picture): Float32Array {
  return Float32Array.from(picture.flat());
}
