// Normalisers of a tokenizer.json, by @huggingface/tokenizers, with the places that their characters came from.
import { describe } from '@unrolled/core';
import { normalizerOf, replacedPattern } from '../huggingface.ts';
import { invalid } from '../invalid.ts';
import type { StepJson } from '../tokenizer-json.ts';
import { type Aligned, Change, type Origins, prepend, replaceAll } from './aligned.ts';

/** Changes a piece of text. */
export type Normalize = (piece: Aligned) => Aligned;

/** Types that change each character, with its marks, without regard to others. */
const local = ['NFC', 'NFD', 'NFKC', 'NFKD', 'Lowercase', 'StripAccents', 'BertNormalizer', 'Precompiled'];

/** @throws UnrolledError `TOKENIZER_INVALID` */
export function readNormalizer(step: StepJson | null | undefined): Normalize {
  const all = steps(step).map(readStep);
  return (piece) => all.reduce((changed, normalize) => (changed.text === '' ? changed : normalize(changed)), piece);
}

function steps(step: StepJson | null | undefined): readonly StepJson[] {
  if (!step) return [];
  return step.type === 'Sequence' ? ((step.normalizers ?? []) as readonly StepJson[]).flatMap(steps) : [step];
}

function readStep(step: StepJson): Normalize {
  if (step.type === 'Prepend') return (piece) => prepend(piece, String(step.prepend ?? ''));
  if (step.type === 'Strip') return (piece) => strip(piece, step);
  if (step.type === 'Replace') {
    const pattern = replacedPattern(step);
    if (!pattern) throw invalid('a normaliser that replaces has no pattern.', 'Give {"String": …} or {"Regex": …}.');
    return (piece) => replaceAll(piece, pattern, String(step.content ?? ''));
  }
  if (!local.includes(step.type))
    throw invalid(`its normaliser is ${describe(step.type)}, which is not known.`, `Take one of ${local.join(', ')}.`);
  const change = normalizerOf(step);
  return (piece) => {
    const changed = change(piece.text);
    return piece.become(changed, () => localOrigins(piece.text, changed.length, change));
  };
}

function strip(piece: Aligned, { strip_left: left, strip_right: right }: StepJson): Aligned {
  const { text } = piece;
  const start = left ? text.length - text.trimStart().length : 0;
  const end = right ? text.trimEnd().length : text.length;
  return piece.slice(start, Math.max(start, end));
}

/** A character with all that normalisation may join to it: marks, vowels and finals of Hangul, Japanese voicing marks. */
const clusters = /[\s\S][\p{M}\u1160-\u11ff\ud7b0-\ud7fb\u3131-\u318e\uff9e\uff9f\uffa0-\uffdc]*/gu;

/** Characters with their marks that are remembered with what they became. */
const MOST = 1 << 14;

function localOrigins(text: string, length: number, change: (text: string) => string): Origins {
  const origins = new Change();
  const became = new Map<string, string>();
  for (const { 0: cluster, index } of text.matchAll(clusters)) {
    let changed = became.get(cluster);
    if (changed === undefined) {
      changed = change(cluster);
      if (became.size < MOST) became.set(cluster, changed);
    }
    addCluster(origins, cluster, changed, index);
  }
  const found = origins.origins();
  if (found.starts.length === length) return found;
  // No text is known where clusters give another length than the whole; if there is one, its tokens came from all of it.
  return { starts: new Int32Array(length), ends: new Int32Array(length).fill(text.length) };
}

/**
 * Of as many characters as before each came from its own. Else those that stay the same at the end did, and each of the
 * others came from all that is left.
 */
function addCluster(origins: Change, cluster: string, changed: string, index: number): void {
  const [old, now] = [[...cluster], [...changed]];
  const own = old.length === now.length ? now.length : sameAtEnd(old, now);
  const left = old.slice(0, old.length - own).join('').length;
  origins.add(now.slice(0, now.length - own).join('').length, index, index + left);
  let start = index + left;
  for (let at = own; at > 0; at--) {
    const end = start + (old[old.length - at] as string).length;
    origins.add((now[now.length - at] as string).length, start, end);
    start = end;
  }
}

/** How many characters are the same at the end, the first of each left out. */
function sameAtEnd(old: readonly string[], now: readonly string[]): number {
  const most = Math.max(0, Math.min(old.length, now.length) - 1);
  let same = 0;
  while (same < most && old[old.length - 1 - same] === now[now.length - 1 - same]) same += 1;
  return same;
}
