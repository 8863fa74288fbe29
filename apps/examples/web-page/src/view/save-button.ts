// Saves the numbers of a training as a file.
import type { Numbers } from '../training/numbers.ts';
import { showFault } from './fault.ts';
import { find } from './find.ts';

/** Asks `collect` when the button is pressed. */
export function openSaveButton(collect: () => Promise<Numbers>): void {
  find('save').addEventListener('click', async () => {
    try {
      download(JSON.stringify(await collect(), undefined, 1));
      showFault('not-saved', undefined);
    } catch (error) {
      showFault('not-saved', error);
    }
  });
}

function download(text: string): void {
  const href = URL.createObjectURL(new Blob([text], { type: 'application/json' }));
  Object.assign(document.createElement('a'), { href, download: 'numbers.json' }).click();
  setTimeout(() => URL.revokeObjectURL(href), 60_000); // the browser reads it after the click
}
