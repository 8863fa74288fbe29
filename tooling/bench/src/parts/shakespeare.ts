// The next character of Shakespeare's plays, as the shipped example learns it, beside PyTorch on the same windows.
import { asleep } from '../contenders.ts';
import { recordingFile, units } from '../shakespeare-pipeline.ts';
import { comparedTable, seconds } from './compared.ts';
import { measureAll, type Part, type Result, resultOf, start } from './part.ts';

/** Plays of which an epoch is timed, again and again. */
const timed = { name: 'timed', plays: 3 };
/** What is learned as well as it can be in a few minutes: all plays, as in the example. */
const learned = { name: 'learned', plays: 38, epochs: 3 };

/** The time of an epoch, then bits per character after three epochs over everything. */
export const shakespeare: Part = async (settings, show) => {
  const [own, pytorch, sleeping] = await Promise.all([
    start({}, settings),
    start({ peer: 'pytorch' }, settings),
    start({ peer: 'pytorch', env: asleep }, settings),
  ]);
  try {
    if (!own.server) throw new Error(own.skipped);
    const { version } = own.server;
    const steps = await own.server.prepare('shakespeare steps', timed);
    const ready = [
      {
        name: 'Unrolled, fit from the texts on',
        version,
        prepared: await own.server.prepare('shakespeare fit', timed),
      },
      { name: 'Unrolled, training steps', version, prepared: steps },
    ];
    const given = { recording: recordingFile(timed.name) };
    for (const [name, { server }] of Object.entries({
      'PyTorch, training steps': pytorch,
      'the same, waiting asleep': sleeping,
    }))
      if (server) ready.push({ name, version: server.version, prepared: await server.prepare('stream epoch', given) });
    const measured = await measureAll(
      ready.map(({ prepared }) => prepared),
      settings,
    );
    const results = ready.map(
      ({ name, version }, at): Result => ({ name, version, ...resultOf(measured[at] as (typeof measured)[number]) }),
    );
    if (!pytorch.server) results.push({ name: 'PyTorch', skipped: pytorch.skipped ?? '' });
    const { characters = 0, updates = 0 } = steps.facts as Readonly<Record<string, number>>;
    const title = `An epoch of ${timed.plays} plays: ${characters} characters, ${updates} windows, LSTM ${units}`;
    const notes = ['the same windows and first weights for all, recorded from the pipeline'];
    show(comparedTable(title, results, { unit: seconds, notes }));

    const { facts } = await own.server.prepare('shakespeare quality', learned);
    // Spinning threads may cost it minutes where others use the machine.
    const peer = await sleeping.server?.prepare('stream quality', {
      ...learned,
      recording: recordingFile(learned.name),
    });
    const rows = Object.entries({ Unrolled: facts, ...(peer && { PyTorch: peer.facts }) }).map(
      ([name, { bits = 0, seconds: took = 0 }]) => [name, Number(bits).toFixed(4), Number(took)],
    );
    show({
      title: `After ${learned.epochs} epochs of ${learned.plays} plays`,
      columns: ['', 'bits per character', 's'],
      rows,
      notes: ['of the last tenth of the text; seconds one after the other, so compare them above'],
    });
    return { results, learned: { ours: facts, pytorch: peer?.facts } };
  } finally {
    await Promise.all([own, pytorch, sleeping].map(({ server }) => server?.stop()));
  }
};
