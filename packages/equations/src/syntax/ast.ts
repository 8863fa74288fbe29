// The syntax tree of Language 1: what the parser makes of a module's text.

/** A stretch of the text: offsets in UTF-16 units, end exclusive. */
export interface Span {
  /** First unit. */
  readonly start: number;
  /** One past the last unit. */
  readonly end: number;
}

/** One index of a name: `[t]` has `offset` 0, `[t-1]` has −1. */
export interface Index {
  /** The index's letter or word: `t`, `s`. */
  readonly name: string;
  /** 0 or −1. */
  readonly offset: 0 | -1;
  /** Where it stands. */
  readonly span: Span;
}

/** An expression. Every node knows where it stands in the text. */
export type Expression =
  | { readonly kind: 'number'; readonly value: number; readonly span: Span }
  /** A bare or indexed name: `Wxh`, `h[t-1]`, `e[t,s]`; `indices` is empty for a bare one. The step number `t` is the bare name `t`. */
  | { readonly kind: 'name'; readonly name: string; readonly indices: readonly Index[]; readonly span: Span }
  /** `tanh(z)`, or with a subscript index `sum_s(…)`, `softmax_s(…)`. `σ` is normalised to `sigmoid`. */
  | {
      readonly kind: 'call';
      readonly callee: string;
      readonly subscript: string | undefined;
      readonly arguments: readonly Expression[];
      readonly span: Span;
    }
  | { readonly kind: 'negate'; readonly operand: Expression; readonly span: Span }
  /** `⊙` and `∘` are normalised to `*`; `−` to `-`. `>` and `<` stand only as the first argument of `where`. */
  | {
      readonly kind: 'binary';
      readonly operator: '+' | '-' | '*' | '/' | '@' | '·' | '^' | '>' | '<';
      readonly left: Expression;
      readonly right: Expression;
      readonly span: Span;
    }
  /** `Wᵀ` */
  | { readonly kind: 'transpose'; readonly operand: Expression; readonly span: Span }
  /** `a[0:n]`; a missing bound is undefined. Bounds are constant expressions over numbers, sizes and options. */
  | {
      readonly kind: 'slice';
      readonly operand: Expression;
      readonly from: Expression | undefined;
      readonly to: Expression | undefined;
      readonly span: Span;
    }
  /** `[a; b]` */
  | { readonly kind: 'join'; readonly items: readonly Expression[]; readonly span: Span };

/** One assignment: `h[t] = …`. */
export interface Statement {
  /** The name assigned. */
  readonly name: string;
  /** Its indices, all with offset 0: `[]`, `[t]`, `[t,s]`. */
  readonly indices: readonly Index[];
  /** The right-hand side. */
  readonly value: Expression;
  /** Where it stands. */
  readonly span: Span;
  /** Span of the left-hand side. */
  readonly target: Span;
}

/** A parsed module: its text and its statements in order. */
export interface SyntaxTree {
  /** The whole text. */
  readonly text: string;
  /** Its lines, in order. */
  readonly statements: readonly Statement[];
}
