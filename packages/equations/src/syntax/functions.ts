// The closed list of functions of Language 1: arguments, subscript and meaning, shared by the parser, later passes and the docs.

/** One function of the language. */
export interface LanguageFunction {
  /** How calls read: `where(a > b, x, y)`. */
  readonly usages: readonly [string, ...string[]];
  /** Fewest arguments of a call without a subscript. */
  readonly minimum: number;
  /** Most arguments of a call without a subscript. */
  readonly maximum: number;
  /** Whether it takes an index as a subscript, `sum_s(…)`; with one it has exactly one argument. */
  readonly subscript: 'never' | 'allowed' | 'required';
  /** What it gives, in one line. */
  readonly meaning: string;
  /** Its derivative, in one line. */
  readonly derivative: string;
}

const one = { minimum: 1, maximum: 1, subscript: 'never' } as const;
const two = { minimum: 2, maximum: 2, subscript: 'never' } as const;
const three = { minimum: 3, maximum: 3, subscript: 'never' } as const;
const oneOrTwo = { minimum: 1, maximum: 2 } as const;

/** Every function by name. `σ` is `sigmoid`; `dot` and `transpose` are the keyboard's spelling of `·` and `ᵀ`. */
export const languageFunctions = {
  sigmoid: {
    ...one,
    usages: ['sigmoid(a)'],
    meaning: '1 / (1 + exp(−a)), each element; also written σ(a)',
    derivative: 'σ(a) * (1 − σ(a))',
  },
  tanh: { ...one, usages: ['tanh(a)'], meaning: 'hyperbolic tangent, each element', derivative: '1 − tanh(a)^2' },
  relu: {
    ...one,
    usages: ['relu(a)'],
    meaning: 'the larger of a and 0, each element',
    derivative: '1 where a > 0, else 0',
  },
  softplus: { ...one, usages: ['softplus(a)'], meaning: 'log(1 + exp(a)), stable, each element', derivative: 'σ(a)' },
  silu: {
    ...one,
    usages: ['silu(a)'],
    meaning: 'a * σ(a), each element (also called swish)',
    derivative: 'σ(a) + a * σ(a) * (1 − σ(a))',
  },
  gelu: {
    ...one,
    usages: ['gelu(a)'],
    meaning: 'a * Φ(a) with Φ the distribution function of the standard normal, exact (not by tanh), each element',
    derivative: 'Φ(a) + a * φ(a) with φ the density',
  },
  exp: { ...one, usages: ['exp(a)'], meaning: 'e to the power of a, each element', derivative: 'exp(a)' },
  log: { ...one, usages: ['log(a)'], meaning: 'natural logarithm, each element', derivative: '1 / a' },
  sqrt: {
    ...one,
    usages: ['sqrt(a)'],
    meaning: 'square root, each element',
    derivative: '1 / (2 * sqrt(a)), infinite at 0',
  },
  abs: { ...one, usages: ['abs(a)'], meaning: 'absolute value, each element', derivative: 'the sign of a, 0 at 0' },
  sin: { ...one, usages: ['sin(a)'], meaning: 'sine of a in radians, each element', derivative: 'cos(a)' },
  cos: { ...one, usages: ['cos(a)'], meaning: 'cosine of a in radians, each element', derivative: '−sin(a)' },
  layerNorm: {
    ...one,
    usages: ['layerNorm(v)'],
    meaning: '(v − mean) / sqrt(variance + 1e-5) of a vector, population variance, no gain or bias',
    derivative: 'mean and variance are differentiated too',
  },
  logSumExp: {
    ...one,
    usages: ['logSumExp(v)'],
    meaning: 'log(sum(exp(v))) of a vector, stable',
    derivative: 'softmax(v)',
  },
  softmax: {
    ...one,
    subscript: 'allowed',
    usages: ['softmax(v)', 'softmax_s(e[t,s])'],
    meaning: 'exp(v) / sum(exp(v)), stable; with a subscript over the true positions of the sequence',
    derivative: 'p * (g − sum(p * g)) for a gradient g of the result p',
  },
  sum: {
    ...one,
    subscript: 'allowed',
    usages: ['sum(v)', 'sum_s(v[s])'],
    meaning: 'sum of the elements; with a subscript over the true positions, 0 for an empty sequence',
    derivative: '1 for each element',
  },
  mean: {
    ...one,
    subscript: 'allowed',
    usages: ['mean(v)', 'mean_s(v[s])'],
    meaning: 'mean of the elements; with a subscript over the true positions, 0 for an empty sequence',
    derivative: '1 / n for each element',
  },
  max: {
    ...oneOrTwo,
    subscript: 'allowed',
    usages: ['max(v)', 'max(a, b)', 'max_s(v[s])'],
    meaning:
      'largest element; of two arguments the larger, each element; with a subscript over the true positions, 0 for an empty sequence',
    derivative: '1 for the chosen one, else 0; a tie goes to the first',
  },
  min: {
    ...oneOrTwo,
    subscript: 'allowed',
    usages: ['min(v)', 'min(a, b)', 'min_s(v[s])'],
    meaning:
      'smallest element; of two arguments the smaller, each element; with a subscript over the true positions, 0 for an empty sequence',
    derivative: '1 for the chosen one, else 0; a tie goes to the first',
  },
  last: {
    ...one,
    subscript: 'required',
    usages: ['last_s(h[s])'],
    meaning:
      'the value at the last step that was processed: the last true step, for a backward direction the first; 0 for an empty sequence',
    derivative: '1 for that step, else 0',
  },
  where: {
    ...three,
    usages: ['where(a > b, x, y)'],
    meaning: 'x where the comparison (> or <) holds, else y, each element',
    derivative: 'that of the chosen side; none for a and b',
  },
  stopGradient: { ...one, usages: ['stopGradient(a)'], meaning: 'a itself', derivative: '0' },
  dropout: {
    ...two,
    usages: ['dropout(v, rate)'],
    meaning:
      'in training each element is 0 with probability rate, else divided by 1 − rate, drawn anew at each step; otherwise v',
    derivative: 'the mask',
  },
  dropoutSequence: {
    ...two,
    usages: ['dropoutSequence(v, rate)'],
    meaning: 'as dropout, with one mask for the whole sequence',
    derivative: 'the mask',
  },
  zoneout: {
    ...three,
    usages: ['zoneout(new, old, rate)'],
    meaning: 'in training each element keeps old with probability rate; otherwise rate * old + (1 − rate) * new',
    derivative: 'the mask, or the rate outside training',
  },
  dot: { ...two, usages: ['dot(a, b)'], meaning: 'the same as a · b', derivative: 'b for a, a for b' },
  transpose: { ...one, usages: ['transpose(W)'], meaning: 'the same as Wᵀ', derivative: 'transposed' },
} as const satisfies Readonly<Record<string, LanguageFunction>>;

/** The name of a function. */
export type FunctionName = keyof typeof languageFunctions;

/** The function called `name`, or undefined. */
export function findFunction(name: string): LanguageFunction | undefined {
  return Object.hasOwn(languageFunctions, name) ? languageFunctions[name as FunctionName] : undefined;
}

/**
 * Splits the name in front of a bracket: `softmax_s` is `softmax` with the subscript `s`. A name that no function
 * matches comes back whole, without a subscript.
 */
export function splitSubscript(name: string): { readonly callee: string; readonly subscript: string | undefined } {
  const at = name.indexOf('_');
  const callee = name.slice(0, Math.max(at, 0));
  const subscript = name.slice(at + 1);
  const splits = at > 0 && subscript !== '' && findFunction(callee) !== undefined && !/^[0-9]/.test(subscript);
  return splits ? { callee, subscript } : { callee: name, subscript: undefined };
}
