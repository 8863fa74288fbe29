// Gathers labelled examples by part (split or file) and counts what a check of data reports.
import type { Encoder, Example, TokenizerInstance } from '@unrolled/core';
import { type Bar, bars, percentile } from '../show/histogram.ts';

/** Where something was found: the first few places and how many in all. */
export interface Found {
  readonly count: number;
  readonly first: readonly string[];
}

/** Percentiles of token counts. */
export interface Lengths {
  readonly minimum: number;
  readonly quarter: number;
  readonly median: number;
  readonly threeQuarters: number;
  readonly percentile95: number;
  readonly percentile99: number;
  readonly maximum: number;
  readonly mean: number;
  readonly bars: readonly Bar[];
}

/** One part of the data: a split, or a whole file. */
export interface Part {
  readonly name: string;
  readonly examples: number;
  /** Examples by label, sorted by label. */
  readonly labels: Readonly<Record<string, number>>;
  /** Share of the most frequent label. */
  readonly majority: number;
  readonly lengths: Lengths;
  /** Texts that are empty or all white space. */
  readonly empty: Found;
  /** Texts that are not empty but have no token. */
  readonly withoutTokens: Found;
  /** Texts, beyond the first of each, that repeat one of the same part and the same label. */
  readonly duplicates: Found;
  /** Texts that occur in the same part with another label as well. */
  readonly conflicts: Found;
  /** Texts that also occur in the training part; undefined for the training part itself. */
  readonly overlap: Found | undefined;
  /** Labels that the training part lacks. */
  readonly unseenLabels: readonly string[];
  /** Coverage by the vocabulary of the training part; undefined for a vectorizer without one. */
  readonly unknown: { readonly tokens: number; readonly unknown: number; readonly rate: number } | undefined;
}

const SHOWN = 3;

/** A text as it is compared: letters, marks and digits in lower case, the rest as single spaces. */
export function normalise(text: string): string {
  const words = text
    .normalize('NFKC')
    .toLowerCase()
    .match(/[\p{L}\p{M}\p{N}]+/gu);
  return words?.join(' ') ?? text.replace(/\s+/g, ' ').trim();
}

/** Counts one part, example by example. */
export class PartCounter {
  readonly name: string;
  /** Labels by normalised text, with the place of the first. */
  readonly texts = new Map<string, { readonly labels: Set<string>; readonly origin: string }>();
  readonly tokens: (readonly string[])[] = [];
  private readonly tokenizer: TokenizerInstance;
  private readonly labels = new Map<string, number>();
  private readonly empty = new Places();
  private readonly withoutTokens = new Places();
  private readonly duplicates = new Places();
  private readonly conflicts = new Places();
  private readonly origins: { readonly key: string; readonly origin: string }[] = [];

  constructor(name: string, tokenizer: TokenizerInstance) {
    this.name = name;
    this.tokenizer = tokenizer;
  }

  add({ text = '', label = '', origin = '' }: Example): void {
    this.labels.set(label, (this.labels.get(label) ?? 0) + 1);
    const tokens = this.tokenizer.tokenize(text).map((token) => token.text);
    this.tokens.push(tokens);
    if (text.trim() === '') {
      this.empty.add(origin);
      return;
    }
    if (tokens.length === 0) this.withoutTokens.add(origin);
    const key = normalise(text);
    this.origins.push({ key, origin });
    const seen = this.texts.get(key);
    if (!seen) this.texts.set(key, { labels: new Set([label]), origin });
    else if (seen.labels.has(label)) this.duplicates.add(`${origin} repeats ${seen.origin}`);
    else {
      this.conflicts.add(`${origin} is ${label}, ${seen.origin} is ${[...seen.labels].join(' and ')}`);
      seen.labels.add(label);
    }
  }

  /** What was counted. @param training - the part that others are held against; itself for the training part. */
  finish(training: PartCounter, encoder: Encoder | undefined): Part {
    const counts = [...this.labels].sort(([a], [b]) => (a < b ? -1 : 1));
    const examples = this.tokens.length;
    return {
      name: this.name,
      examples,
      labels: Object.fromEntries(counts),
      majority: examples === 0 ? 0 : Math.max(...counts.map(([, count]) => count)) / examples,
      lengths: lengthsOf(this.tokens.map((tokens) => tokens.length)),
      empty: this.empty.found(),
      withoutTokens: this.withoutTokens.found(),
      duplicates: this.duplicates.found(),
      conflicts: this.conflicts.found(),
      overlap: training === this ? undefined : this.overlapWith(training),
      unseenLabels: counts.map(([label]) => label).filter((label) => !training.labels.has(label)),
      unknown: encoder && coverage(this.tokens, encoder),
    };
  }

  private overlapWith(training: PartCounter): Found {
    const places = new Places();
    for (const { key, origin } of this.origins) {
      const there = training.texts.get(key);
      if (there) places.add(`${origin} is also ${there.origin}`);
    }
    return places.found();
  }
}

/** Counts places and keeps the first few. */
class Places {
  private count = 0;
  private readonly first: string[] = [];

  add(place: string): void {
    this.count++;
    if (this.first.length < SHOWN) this.first.push(place);
  }

  found(): Found {
    return { count: this.count, first: this.first };
  }
}

function lengthsOf(lengths: readonly number[]): Lengths {
  const sorted = [...lengths].sort((a, b) => a - b);
  const total = sorted.reduce((sum, length) => sum + length, 0);
  return {
    minimum: sorted[0] ?? 0,
    quarter: percentile(sorted, 0.25),
    median: percentile(sorted, 0.5),
    threeQuarters: percentile(sorted, 0.75),
    percentile95: percentile(sorted, 0.95),
    percentile99: percentile(sorted, 0.99),
    maximum: sorted.at(-1) ?? 0,
    mean: sorted.length === 0 ? 0 : total / sorted.length,
    bars: bars(sorted),
  };
}

function coverage(examples: readonly (readonly string[])[], encoder: Encoder): Part['unknown'] {
  let tokens = 0;
  let unknown = 0;
  for (const example of examples) {
    const encoded = encoder.encode(example);
    if (encoded.kind !== 'ids') return undefined;
    tokens += example.length;
    unknown += encoded.unknown;
  }
  return { tokens, unknown, rate: tokens === 0 ? 0 : unknown / tokens };
}
