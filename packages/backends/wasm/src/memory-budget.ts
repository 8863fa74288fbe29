// Chooses how the sequences of a call are cut so that what it keeps fits the memory that it may have.
import { forwardRuns } from './checkpoints.ts';

/** How a call goes through its sequences. */
export interface SegmentPlan {
  /** Steps of a segment; the last one may have fewer. */
  readonly steps: number;
  /** Number of segments. */
  readonly segments: number;
  /** States that are kept at once at the beginnings of segments. */
  readonly slots: number;
  /** Most bytes at once: those of a segment, and kept states. */
  readonly bytes: number;
  /** Steps that run forward once more than without a budget. */
  readonly recomputedSteps: number;
}

/** What a plan is chosen from. */
export interface Budget {
  /** Bytes that there may be. */
  readonly bytes: number;
  /** Steps of the longest sequence. */
  readonly steps: number;
  /** Steps that a segment has a multiple of. */
  readonly group: number;
  /** Bytes of a call over the first so many steps. */
  readonly bytesOf: (steps: number) => number;
  /** Bytes of a kept state. */
  readonly stateBytes: number;
  /** Whether the sequences are gone through backwards, so that states must be kept. */
  readonly backwards: boolean;
}

/** A plan that fits, the one that recomputes least; undefined where none does. */
export function planSegments(budget: Budget): SegmentPlan | undefined {
  let best: SegmentPlan | undefined;
  for (const steps of segmentSteps(budget)) {
    const plan = planOf(budget, steps);
    if (plan && (!best || plan.recomputedSteps < best.recomputedSteps)) best = plan;
    // With fewer steps in a segment only more states are kept, or more steps run again.
    if (best && best.slots === best.segments - 1) break;
  }
  return best;
}

/** The least memory that any plan fits in. */
export function leastBytes({ group, steps, bytesOf }: Pick<Budget, 'group' | 'steps' | 'bytesOf'>): number {
  return bytesOf(Math.min(group, steps));
}

/** Steps that segments may have, the most first: of each number of segments the shortest ones that are enough. */
function* segmentSteps({ steps, group }: Budget): Generator<number> {
  const groups = Math.ceil(steps / group);
  let before = 0;
  for (let segments = 1; segments <= groups; segments++) {
    const size = Math.ceil(groups / segments) * group;
    if (size !== before) yield Math.min(size, steps);
    before = size;
  }
}

function planOf({ bytes, steps: all, bytesOf, stateBytes, backwards }: Budget, steps: number): SegmentPlan | undefined {
  const call = bytesOf(steps);
  if (call > bytes) return undefined;
  const segments = Math.max(1, Math.ceil(all / steps));
  if (!backwards) return { steps, segments, slots: 0, bytes: call, recomputedSteps: 0 };
  const room = stateBytes > 0 ? Math.floor((bytes - call) / stateBytes) : segments;
  const slots = Math.min(room, segments - 1);
  return {
    ...{ steps, segments, slots },
    bytes: call + slots * stateBytes,
    recomputedSteps: forwardRuns(segments, slots) * steps,
  };
}
