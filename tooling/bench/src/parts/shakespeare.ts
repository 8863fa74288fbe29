// The next character of Shakespeare's plays, as the shipped example learns it, beside PyTorch on the same windows.
import { counted } from '@unrolled/core';
import type { Settings } from '../arguments.ts';
import type { Facts } from '../protocol.ts';
import { recordingFile, units } from '../shakespeare-pipeline.ts';
import type { Cell, Table } from '../table.ts';
import { besidePytorch, measureBeside, type Sides } from './beside-pytorch.ts';
import { comparedTable, seconds } from './compared.ts';
import { meanAndEach } from './mean-and-each.ts';
import type { Part } from './part.ts';

/** Plays of which an epoch is timed, again and again. */
const timed = { name: 'timed', plays: 3 };
/** What is learned as well as it can be in a few minutes: all plays, as in the example. */
const learned = { name: 'learned', plays: 38, epochs: 3 };

/** The time of an epoch, then bits per character after three epochs over everything. */
export const shakespeare: Part = (settings, show) =>
  besidePytorch(settings, async (sides) => {
    const steps = await sides.own.prepare('shakespeare steps', timed);
    const fit = await sides.own.prepare('shakespeare fit', timed);
    const results = await measureBeside(
      sides,
      { 'Unrolled, fit from the texts on': fit, 'Unrolled, training steps': steps },
      { work: 'stream epoch', given: { recording: recordingFile(timed.name) } },
      settings,
    );
    const { characters = 0, updates = 0 } = steps.facts as Readonly<Record<string, number>>;
    const title = `An epoch of ${timed.plays} plays: ${characters} characters, ${updates} windows, LSTM ${units}`;
    const notes = ['the same windows and first weights for all, recorded from the pipeline'];
    show(comparedTable(title, results, { unit: seconds, notes }));
    return { results, learned: await learnedBeside(sides, settings, show) };
  });

/** What both learn from the same first weights, with each seed. */
async function learnedBeside(
  { own, sleeping }: Sides,
  { epochs = learned.epochs, seeds }: Settings,
  show: (table: Table) => void,
): Promise<{ readonly ours: readonly Facts[]; readonly pytorch: readonly Facts[] }> {
  const ours: Facts[] = [];
  const pytorch: Facts[] = [];
  for (let seed = 1; seed <= seeds; seed += 1) {
    ours.push((await own.prepare('shakespeare quality', { ...learned, epochs, seed })).facts);
    // Spinning threads may cost it minutes where others use the machine.
    const given = { epochs, recording: recordingFile(learned.name) };
    const peer = await sleeping.server?.prepare('stream quality', given);
    if (peer) pytorch.push(peer.facts);
  }
  const row = (name: string, facts: readonly Facts[]): readonly Cell[] => {
    const took = facts.reduce((sum, each) => sum + Number(each.seconds), 0) / facts.length;
    return [name, ...meanAndEach(facts.map(({ bits }) => Number(bits))), took];
  };
  show({
    title: `After ${epochs} epochs of ${learned.plays} plays: ${counted(seeds, 'seed')}`,
    columns: ['', 'bits per character, mean ± deviation', 'each', 's'],
    rows: [row('Unrolled', ours), ...(pytorch.length > 0 ? [row('PyTorch', pytorch)] : [])],
    notes: ['of the last tenth of the text; seconds are means, one side after the other, so compare them above'],
  });
  return { ours, pytorch };
}
