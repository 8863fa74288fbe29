// How far the training is: a bar, a line of numbers, a row for each epoch.
import type { EpochRecord, Progress } from 'unrolled';
import { atFrame } from './at-frame.ts';
import { find } from './find.ts';

/** Clears what a training before has left. */
export function clearProgress(): void {
  find<HTMLProgressElement>('done').value = 0;
  find('step').textContent = '';
  find('epoch-rows').replaceChildren();
}

/** Shows the latest step. */
export const showProgress: (progress: Progress) => void = atFrame((progress) => {
  const { epoch, epochs, batch, batches, loss, examplesPerSecond, update } = progress;
  find<HTMLProgressElement>('done').value = (epoch - 1 + batch / batches) / epochs;
  find('step').textContent =
    `Epoch ${epoch} of ${epochs}, batch ${batch} of ${batches}, step ${update}: loss ${loss.toFixed(3)}, ${Math.round(examplesPerSecond)} reviews a second`;
});

/** Adds an epoch's row. */
export function addEpoch({ epoch, loss, accuracy, validation, seconds }: EpochRecord): void {
  const row = document.createElement('tr');
  const texts = [
    String(epoch),
    loss.toFixed(3),
    percent(accuracy),
    validation ? percent(validation.accuracy) : '',
    seconds.toFixed(1),
  ];
  row.append(...texts.map((textContent) => Object.assign(document.createElement('td'), { textContent })));
  find('epoch-rows').append(row);
}

/** 0.7512 as 75.1%. */
export function percent(share: number): string {
  return `${(100 * share).toFixed(1)}%`;
}
