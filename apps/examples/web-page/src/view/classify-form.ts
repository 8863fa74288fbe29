// The visitor's own sentence, and what the network makes of it now.
import type { Classification } from '../training/classify.ts';
import { showFault } from './fault.ts';
import { find } from './find.ts';
import { percent } from './progress.ts';

/** Asks `classify` whenever the form is sent. */
export function openClassifyForm(classify: (sentence: string) => Promise<Classification>): void {
  const input = find<HTMLTextAreaElement>('sentence');
  const ask = async (): Promise<void> => {
    find('answer').textContent = '';
    showFault('no-answer', undefined);
    try {
      const { label, probability, words, known } = await classify(input.value);
      find('answer').textContent = `${label}, ${percent(probability)} sure; it knows ${known} of ${words} words.`;
    } catch (error) {
      showFault('no-answer', error);
    }
  };
  find<HTMLFormElement>('classify').addEventListener('submit', (event) => {
    event.preventDefault();
    void ask();
  });
  input.addEventListener('keydown', (event) => {
    if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    void ask();
  });
}
