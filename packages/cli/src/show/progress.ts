// The progress of a run: a bar on a terminal, with rate and time left; one line for each epoch.
import type { AnyAccuracy, EpochRecord, Progress } from '@unrolled/core';
import { block } from './histogram.ts';
import { count, duration, measure, percent } from './number.ts';

/** Times a second that the bar is drawn anew. */
export const FRAMES = 10;
/** Width of the bar itself, in characters. */
export const BAR = 20;

/** Draws a bar, now and then. */
export class ProgressBar {
  private readonly show: (line: string) => void;
  private readonly columns: number;
  private drawn = Number.NEGATIVE_INFINITY;
  private first: Progress | undefined;

  /** @param show - puts a line in place of the last one; `columns` is how wide it may be. */
  constructor(show: (line: string) => void, columns: number) {
    this.show = show;
    this.columns = columns;
  }

  /** Called for every step. */
  update(progress: Progress, now: number = performance.now()): void {
    this.first ??= progress;
    if (now - this.drawn < 1000 / FRAMES) return;
    this.drawn = now;
    const line = barLine(progress, secondsLeft(this.first, progress));
    this.show([...line].slice(0, this.columns - 1).join(''));
  }
}

/** `epoch 1/5  ███▌░░  45/265  loss 0.6912  accuracy 52.4%  812 examples/s  1m 05s left` */
export function barLine(progress: Progress, left: number | undefined): string {
  const { epoch, epochs, batch, batches, loss, meanLoss, accuracy, examplesPerSecond } = progress;
  return [
    `epoch ${epoch}/${epochs}`,
    block((batch / batches) * BAR).padEnd(BAR, '░'),
    `${count(batch)}/${count(batches)}`,
    `loss ${measure(meanLoss ?? loss)}`,
    ...share(accuracy),
    // Of an endless text none is whole before the end of an epoch.
    ...(examplesPerSecond > 0 ? [`${count(Math.round(examplesPerSecond))} examples/s`] : []),
    ...(left === undefined ? [] : [`${duration(left)} left`]),
  ].join('  ');
}

/** Numbers have none. */
function share(accuracy: number | undefined): readonly string[] {
  return accuracy === undefined ? [] : [`accuracy ${percent(accuracy)}`];
}

/** Time that the rest takes at the rate since `first`; early stopping may cut it short. */
export function secondsLeft(first: Progress, now: Progress): number | undefined {
  const position = ({ epoch, batch, batches }: Progress) => (epoch - 1) * batches + batch;
  const done = position(now) - position(first);
  if (done <= 0) return undefined;
  return ((now.elapsed - first.elapsed) / done) * (now.epochs * now.batches - position(now));
}

/** `epoch 1/5  loss 0.6512  accuracy 61.2%  validation loss 0.6104  accuracy 66.0%  12s` */
export function epochLine(record: EpochRecord<AnyAccuracy>, epochs: number): string {
  const { epoch, loss, accuracy, validation, seconds } = record;
  return [
    `epoch ${String(epoch).padStart(String(epochs).length)}/${epochs}`,
    `loss ${measure(loss)}`,
    ...share(accuracy),
    ...(validation ? [`validation loss ${measure(validation.loss)}`, ...share(validation.accuracy)] : []),
    duration(seconds),
  ].join('  ');
}
