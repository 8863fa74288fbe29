// Where a digit is at each frame: it moves in a straight line and turns at the edges.

/** A place, and how it was reached. */
export interface Place {
  /** Columns from the left edge of the frame to that of the digit. */
  readonly x: number;
  /** Rows from the top edge of the frame to that of the digit. */
  readonly y: number;
  /** Columns moved since the frame before, to the right; 0 in the first frame alone. */
  readonly right: number;
  /** Rows moved since the frame before, down; 0 in the first frame alone. */
  readonly down: number;
}

/** A path of so many frames, beginning at the left or right edge. @param room - columns and rows in which it can move. @param below - gives random whole numbers. */
export function drawPath(
  frames: number,
  room: { readonly x: number; readonly y: number },
  below: (bound: number) => number,
): Place[] {
  const drawn = below(6);
  let place: Place = { x: drawn < 3 ? drawn : room.x - (drawn - 3), y: below(room.y + 1), right: 0, down: 0 };
  let [right, down] = [drawVelocity(below), drawVelocity(below)];
  const path: Place[] = [];
  for (let frame = 0; frame < frames; frame++) {
    path.push(place);
    right = turned(place.x, right, room.x);
    down = turned(place.y, down, room.y);
    place = { x: place.x + right, y: place.y + down, right, down };
  }
  return path;
}

/** 1 or 2 pixels a frame, one way or the other. */
function drawVelocity(below: (bound: number) => number): number {
  return [-2, -1, 1, 2][below(4)] as number;
}

/** The velocity with which the edge is not crossed. */
function turned(position: number, velocity: number, last: number): number {
  const next = position + velocity;
  return next < 0 || next > last ? -velocity : velocity;
}
