// The progress of a training of word vectors: a bar on a terminal, with rate and time left; one line for each epoch.
import type { Word2VecProgress } from '../word2vec.ts';
import { block } from './histogram.ts';
import { count, duration, measure, percent } from './number.ts';
import { BAR, FRAMES } from './progress.ts';

/** Draws a bar, now and then. */
export class VectorsBar {
  private readonly show: (line: string) => void;
  private readonly columns: number;
  private drawn = Number.NEGATIVE_INFINITY;
  private first: { readonly done: number; readonly at: number } | undefined;

  /** @param show - puts a line in place of the last one; `columns` is how wide it may be. */
  constructor(show: (line: string) => void, columns: number) {
    this.show = show;
    this.columns = columns;
  }

  /** Called for every report. */
  update(progress: Word2VecProgress, now: number = performance.now()): void {
    this.first ??= { done: progress.done, at: now };
    if (now - this.drawn < 1000 / FRAMES) return;
    this.drawn = now;
    const gained = progress.done - this.first.done;
    const left = gained > 0 ? ((now - this.first.at) / 1000 / gained) * (1 - progress.done) : undefined;
    this.show([...vectorsBarLine(progress, left)].slice(0, this.columns - 1).join(''));
  }
}

/** `epoch 1/5  ███▌░░  12.3%  812,345 words/s  learning rate 0.0213  held-out loss 1.2345  1m 05s left` */
function vectorsBarLine(progress: Word2VecProgress, left: number | undefined): string {
  const { epoch, epochs, done } = progress;
  return [
    `epoch ${epoch}/${epochs}`,
    block(done * BAR).padEnd(BAR, '░'),
    percent(done),
    ...measures(progress),
    ...(left === undefined ? [] : [`${duration(left)} left`]),
  ].join('  ');
}

/** `epoch 1/5  812,345 words/s  learning rate 0.0200  held-out loss 1.2345` */
export function vectorsEpochLine(progress: Word2VecProgress): string {
  const { epoch, epochs } = progress;
  return [`epoch ${String(epoch).padStart(String(epochs).length)}/${epochs}`, ...measures(progress)].join('  ');
}

function measures({ wordsPerSecond, learningRate, loss }: Word2VecProgress): readonly string[] {
  return [
    `${count(Math.round(wordsPerSecond))} words/s`,
    `learning rate ${measure(learningRate)}`,
    ...(loss === undefined ? [] : [`held-out loss ${measure(loss)}`]),
  ];
}
