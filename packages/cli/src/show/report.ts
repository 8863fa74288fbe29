// What became of the data and of the run, in a few lines.
import type { CoverageReport, History } from '@unrolled/core';
import { count, counted, duration, measure, percent } from './number.ts';

/** Lines about a finished run. */
export function drawHistory(history: History): string {
  const { report, updates, seconds, restoredEpoch, temperature, threshold, resumedFrom } = history;
  const { labels, numbers, training, validation, skipped, vocabulary } = report;
  const counts = drawCounts(labels);
  return [
    `${counted(updates, 'update')} in ${duration(seconds)}, ${ending(history)}`,
    ...(resumedFrom === undefined ? [] : [`resumed after update ${count(resumedFrom)}`]),
    ...(restoredEpoch === undefined ? [] : [`the weights are those of epoch ${restoredEpoch}, the best`]),
    `training part: ${counted(training.examples, 'example')}${counts && ` (${counts})`}; ${coverage(training)}`,
    ...(numbers ? [`numbers: mean ${measure(numbers.mean)}, deviation ${measure(numbers.deviation)}`] : []),
    ...(validation ? [`validation part: ${counted(validation.examples, 'example')}; ${coverage(validation)}`] : []),
    `vocabulary: ${drawFacts(vocabulary)}`,
    ...(skipped > 0 ? [`${counted(skipped, 'empty text')} left out`] : []),
    ...(temperature === 1 ? [] : [`calibrated with temperature ${temperature.toFixed(3)}`]),
    ...(threshold === undefined ? [] : [`threshold ${threshold.toFixed(3)}`]),
  ].join('\n');
}

/** Labels beyond this many are counted, not named. */
const NAMED = 20;

/** `negative 16, positive 16`; nothing where no labels were learned. */
function drawCounts(labels: Readonly<Record<string, number>>): string {
  const entries = Object.entries(labels);
  if (entries.length > NAMED) return counted(entries.length, 'label');
  return entries.map(([label, examples]) => `${label} ${count(examples)}`).join(', ');
}

function ending({ stopped, epochs }: History): string {
  const whole = counted(epochs.length, 'whole epoch');
  if (stopped === 'early') return `${whole}, stopped since it got no better`;
  return stopped === 'finished' ? whole : `${whole}, stopped before its end`;
}

function coverage({ unknownRate, tokens, truncated, empty }: CoverageReport): string {
  return [
    `${percent(unknownRate)} of ${counted(tokens, 'token')} unknown`,
    ...(truncated > 0 ? [`${counted(truncated, 'token')} cut off`] : []),
    ...(empty > 0 ? [`${counted(empty, 'example')} without a token`] : []),
  ].join(', ');
}

/** The vectorizer's own facts, but for what did not happen: `tokens 8,822, tokens below minimum 7,808`. */
export function drawFacts(facts: Readonly<Record<string, number>>): string {
  return Object.entries(facts)
    .filter(([, value]) => value !== 0)
    .map(([name, value]) => `${spaced(name)} ${count(value)}`)
    .join(', ');
}

/** `belowMinimum` → `below minimum` */
function spaced(name: string): string {
  return name.replace(/([a-z])([A-Z])/g, '$1 $2').toLowerCase();
}
