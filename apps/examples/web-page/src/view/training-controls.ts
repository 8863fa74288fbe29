// Which buttons can be pressed, and what is said, at each phase of a training.
import type { Phase } from '../training/trainer.ts';
import { find } from './find.ts';

const says: Readonly<Record<Phase, string>> = {
  ready: 'Ready.',
  preparing: 'Preparing: reading the reviews, building the network …',
  training: 'Training.',
  pausing: 'Pausing after this step …',
  paused: 'Paused. Resume goes on exactly where it was.',
  stopping: 'Stopping after this step …',
  ended: 'Ended. What was learned stays: ask it about a sentence, or start anew.',
  failed: 'Broken off, for the reason given below. Start begins anew.',
};

const restful: readonly Phase[] = ['ready', 'ended', 'failed'];
const busy: readonly Phase[] = ['preparing', 'training'];

/** Shows `phase`. @returns whether settings can be changed now */
export function showPhase(phase: Phase): boolean {
  const rests = restful.includes(phase);
  const enabled = {
    start: rests,
    pause: busy.includes(phase),
    resume: phase === 'paused',
    stop: busy.includes(phase) || phase === 'paused',
    save: phase === 'paused' || phase === 'ended',
  };
  for (const [id, able] of Object.entries(enabled)) find<HTMLButtonElement>(id).disabled = !able;
  find('phase').textContent = says[phase];
  find('phase').dataset.phase = phase;
  return rests;
}
