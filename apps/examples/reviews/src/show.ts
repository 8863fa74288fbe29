// What the example prints.
import type { Progress } from '@unrolled/core';
import type { Measures } from './measure.ts';
import type { Reach } from './reach.ts';

const { stdout } = process;

/** A line that moves on a terminal; the epoch's measures stay. */
export function showProgress(name: string, progress: Progress): void {
  const { epoch, epochs, batch, batches, examplesPerSecond, meanLoss, ended } = progress;
  if (stdout.isTTY) {
    const done = Math.round((20 * batch) / batches);
    const bar = `${'█'.repeat(done)}${'░'.repeat(20 - done)}`;
    const loss = meanLoss === undefined ? '' : ` · loss ${meanLoss.toFixed(3)}`;
    stdout.write(`\r\x1b[K${name} ${epoch}/${epochs} ${bar} ${Math.round(examplesPerSecond)} reviews/s${loss}`);
  }
  if (!ended) return;
  const validation = ended.validation
    ? `, validation loss ${ended.validation.loss.toFixed(3)} accuracy ${percent(ended.validation.accuracy)}`
    : '';
  stdout.write(
    `${stdout.isTTY ? '\r\x1b[K' : ''}${name} epoch ${epoch}/${epochs}: loss ${ended.loss.toFixed(3)} accuracy ${percent(ended.accuracy)}${validation} (${ended.seconds.toFixed(1)} s)\n`,
  );
}

/** Measures on held-out reviews, one line each. */
export function showMeasures(rows: readonly Measures[]): void {
  const width = Math.max(...rows.map(({ name }) => name.length));
  console.log(`\n${'Held-out reviews'.padEnd(width)}  accuracy  macro F1  seconds`);
  for (const { name, accuracy, macroF1, seconds } of rows)
    console.log(
      `${name.padEnd(width)}  ${percent(accuracy).padStart(8)}  ${macroF1.toFixed(3).padStart(8)}  ${seconds.toFixed(1).padStart(7)}`,
    );
}

/** How far back gradients reach, cell by cell. */
export function showReach(reaches: ReadonlyMap<string, readonly Reach[]>, sentences: number): void {
  const [first = []] = reaches.values();
  const head = first.map(({ lag }) => `lag ${lag}`.padStart(10)).join('');
  const width = 36;
  console.log(`\n${`Gradients, mean of ${sentences} sentences`.padEnd(width)}${head}`);
  for (const [name, reach] of reaches) {
    const line = (what: string, pick: (each: Reach) => number) =>
      console.log(
        `${`${name.padEnd(8)} ${what}`.padEnd(width)}${reach.map((each) => pick(each).toExponential(2).padStart(10)).join('')}`,
      );
    line('‖∂L/∂h[k]‖ every path', ({ loss }) => loss);
    line('‖∂s[T]/∂s[k]‖ recurrence', ({ state }) => state);
  }
}

/** 0.7512 as 75.1%. */
export function percent(share: number): string {
  return `${(100 * share).toFixed(1)}%`;
}
