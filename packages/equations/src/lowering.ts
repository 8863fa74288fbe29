// What the passes that lower a module share: where it stands, and what they may ask of each other.
import type { AnalysedModule } from './analysed.ts';
import type { GraphBuilder } from './builder.ts';
import type { SequenceAxis } from './indices.ts';
import type { Axis, Shape } from './ir.ts';
import type { Expression, Span } from './syntax/ast.ts';

/** A value bound from outside. */
export interface Bound {
  /** Its value; for a one-hot vector the class number. */
  readonly id: number;
  /** Size of the one-hot vector that it stands for, or 0. */
  readonly classes: number;
  /** Which of its units run which way over time, so that `last_s` knows where each one's last step is; all forward unless said. */
  readonly parts?: readonly Part[];
  /** Whether its index ranges over the source, rather than over the steps of the module that reads it. */
  readonly ofSource?: boolean;
}

/** Positions that an index ranges over. */
export interface Range {
  /** The graph's axis. */
  readonly axis: SequenceAxis;
  /** How many of them are true. */
  readonly length: () => number;
  /** Whether the axis goes on beyond these, so that what is computed there must be left out. */
  readonly cut: boolean;
}

/** Units `from` (inclusive) to `to` (exclusive) of a value, and which way they were computed. */
export interface Part {
  readonly from: number;
  readonly to: number;
  readonly reverse: boolean;
}

/** Where a module stands and what surrounds it. */
export interface Placement {
  /** Its place in the network: `layers.0.forward`. */
  readonly prefix: string;
  /** Inputs by name. */
  readonly bindings: Readonly<Record<string, Bound>>;
  /** Whether its scan runs backward. */
  readonly reverse: boolean;
  /**
   * What `[t]` counts: steps of a sequence; a single step of it, or updates of an optimizer (no scan: states are read and
   * handed back); nothing, where first values are computed of a source.
   */
  readonly counts: 'steps' | 'step' | 'updates' | 'nothing';
  /** True steps, where the module's own steps end before those of the batch's sequence do. */
  readonly length?: number;
  /** What an index besides that of the step ranges over, where that is a source. */
  readonly source?: Range;
  /** Whether a pooled value goes on from call to call, so that it streams. */
  readonly streams?: boolean;
  /** First values of states by name, from the shapes that the states turn out to have; others begin as the module says. */
  readonly begin?: (shapes: Readonly<Record<string, Shape>>) => ReadonlyMap<string, number>;
  /** Shapes of assigned values that are known from outside. */
  readonly shapes?: Readonly<Record<string, Shape>>;
  /** The network's next number for a random site. */
  readonly nextSite: () => number;
  /** Whether a call sees segments of its sequences: then what is pooled is read where `ends` says that it is complete. */
  readonly segments?: boolean;
}

/** What lowering a function call or a power asks of the module that it stands in. */
export interface Lowering {
  /** The graph under construction. */
  readonly builder: GraphBuilder;
  /** The module. */
  readonly analysed: AnalysedModule;
  /** Where it stands. */
  readonly placement: Placement;
  /** A value as the vector, matrix or scalar that it is; a one-hot vector is made whole. */
  readonly dense: (expression: Expression) => number;
  /** The bound input that an expression names, where it is just that. */
  readonly boundInput: (expression: Expression) => Bound | undefined;
  /** The constant that an expression must be. @throws EquationError `EQUATION_CONSTANT` */
  readonly constantOf: (expression: Expression, what: string) => number;
  /** What an index of the line at hand ranges over. @throws EquationError `EQUATION_INDEX` for steps that are not there */
  readonly rangeOf: (index: string, span: Span) => Range;
  /** Axes of a random mask that is new wherever `value`, or the line at hand, has another step or position. */
  readonly maskAxes: (value: number) => readonly Axis[];
  /**
   * Makes a value of the line at hand that goes on from what earlier calls left, so that it streams.
   * @param kind - for its name, `p.sum`, `p.sum2`.
   * @param final - its value from that before this call; undefined in a module that sees each sequence whole.
   */
  readonly carryAcrossCalls: (kind: string, shape: Shape, final: (before: number | undefined) => number) => number;
  /** What reads a pooled value of the whole sequence sees: itself; in a segment that is not the last, what it will be. */
  readonly complete: (pooled: number) => number;
}
