// The page's training, in Node: pauses, stops, questions asked too early, and what breaks off.
import { movieReviewsTrain } from '@unrolled/dataset-movie-reviews';
import type { Example } from 'unrolled';
import { beforeAll, describe, expect, it } from 'vitest';
import { createWatch } from '../src/gradients/watch.ts';
import { defaults, differences, type Settings, trainHere } from '../src/training/index.ts';
import { pageRegistry } from '../src/training/registry.ts';
import { takeEvenly } from '../src/training/reviews.ts';
import { createTrainer, type Phase, type Trainer, type TrainerEvents } from '../src/training/trainer.ts';

const settings: Settings = { ...defaults, units: 8, reviews: 300, epochs: 2 };
let all: readonly Example[];
beforeAll(async () => {
  all = await movieReviewsTrain();
});

const here = async () => ({ pipeline: pageRegistry.pipeline, close: async () => {} });
const some = async () => takeEvenly(all, settings.reviews);

/** A trainer in this thread, with the phases that it went through. */
function watched(events: TrainerEvents = {}): Trainer & { readonly phases: Phase[] } {
  const phases: Phase[] = [];
  return { ...createTrainer(here, 1, { ...events, phase: (phase) => phases.push(phase) }), phases };
}

describe('a training', () => {
  it('ends in the same bits with pauses, at any place, and on more threads', async () => {
    const whole = await trainHere(settings, all);
    expect(whole.steps).toHaveLength(18);
    expect(whole.epochs).toHaveLength(2);
    const paused = await trainHere(settings, all, { pauses: [1, 9, 10, 17], threads: 2 });
    expect(differences(paused, whole)).toEqual([]);
  });

  it('shows the gradient of the cell that starts small fade, and of the other two not as much', async () => {
    const reach = async (cell: Settings['cell']) => {
      const { gradients } = await trainHere({ ...settings, cell, units: 32 }, all, { until: 1 });
      expect(gradients).toHaveLength(31);
      return (gradients[30] as number) / (gradients[0] as number);
    };
    const [small, orthogonal, lstm] = [await reach('vanilla-small'), await reach('vanilla'), await reach('lstm')];
    expect(small).toBeLessThan(1e-4);
    expect(Math.min(orthogonal, lstm)).toBeGreaterThan(1e-3);
  });

  it('tells numbers that differ', async () => {
    const one = await trainHere(settings, all, { until: 3 });
    const other = await trainHere({ ...settings, seed: 2 }, all, { until: 3 });
    const found = differences(one, other);
    expect(found[0]).toMatch(/^Step 1: /);
    expect(found.at(-1)).toContain(other.weights);
  });

  it('rests where it is asked to before its first step, and goes on', async () => {
    const trainer = watched();
    const begun = trainer.start(settings, some);
    trainer.pause();
    await begun;
    expect(trainer.phases).toEqual(['preparing', 'pausing', 'paused']);
    await trainer.resume();
    expect(trainer.phases.slice(-2)).toEqual(['training', 'ended']);
    expect(await trainer.weights()).toBe((await trainHere(settings, all)).weights);
  });

  it('stops for good, also while it rests', async () => {
    let made = 0;
    const trainer: Trainer & { readonly phases: Phase[] } = watched({
      step: ({ update }) => {
        made = update;
        if (update === 2) trainer.pause();
      },
    });
    await trainer.start(settings, some);
    expect(made).toBe(2);
    trainer.stop();
    expect(trainer.phases.slice(-3)).toEqual(['pausing', 'paused', 'ended']);
    await expect(trainer.classify('a funny film')).resolves.toMatchObject({ words: 3, known: 3 });
  });

  it('says what broke it off, and can begin again', async () => {
    const failures: unknown[] = [];
    const trainer = watched({ failed: (error) => failures.push(error) });
    await trainer.start(settings, async () => {
      throw new Error('no reviews today');
    });
    await trainer.start(settings, async () => (await some()).map(({ text = '' }) => ({ text, label: 'positive' })));
    expect(trainer.phases).toEqual(['preparing', 'failed', 'preparing', 'failed']);
    expect(failures).toMatchObject([{ message: 'no reviews today' }, { code: 'DATA_ONE_CLASS' }]);
    await trainer.start({ ...settings, epochs: 1 }, some);
    expect(trainer.phases.at(-1)).toBe('ended');
  });
});

describe('a question', () => {
  it('has to wait for the first step', async () => {
    const trainer = watched();
    await expect(trainer.classify('a funny film')).rejects.toMatchObject({ code: 'NOT_BEGUN' });
    await expect(trainer.anatomy()).rejects.toMatchObject({ code: 'NOT_BEGUN' });
  });

  it('needs a sentence with a word that the reviews have', async () => {
    const trainer = watched();
    await trainer.start({ ...settings, epochs: 1 }, some);
    await expect(trainer.classify(' \n')).rejects.toMatchObject({ code: 'SENTENCE_EMPTY' });
    await expect(trainer.classify('?!')).rejects.toMatchObject({
      code: 'WORDS_UNKNOWN',
      message: expect.stringContaining('no word in this sentence'),
    });
    await expect(trainer.classify('xyzzy plugh')).rejects.toMatchObject({
      code: 'WORDS_UNKNOWN',
      message: expect.stringContaining('none of these words'),
    });
    const { words, known, probability } = await trainer.classify('xyzzy, a film!');
    expect([words, known]).toEqual([3, 2]);
    expect(probability).toBeGreaterThanOrEqual(0.5);
  });
});

describe('looks at the gradient', () => {
  it('come one at a time, of the latest step that was wished for, and not after the end', async () => {
    const shown: number[] = [];
    let looks = 0;
    const ask = async () => {
      looks += 1;
      return [looks];
    };
    const anatomy = async () => ({}) as never;
    const watch = createWatch(
      anatomy,
      ask,
      ({ update }) => shown.push(update),
      (error) => expect.unreachable(String(error)),
    );
    for (let update = 1; update <= 45; update++) watch.step(update);
    await watch.look(45);
    expect(shown).toEqual([45]);
    await watch.look(46);
    expect([shown, looks]).toEqual([[45, 46], 2]);
    const late = watch.look(47);
    watch.end();
    await late;
    expect(shown).toEqual([45, 46]);
  });
});

describe('a part of the reviews', () => {
  it('is spread evenly, and has both labels', () => {
    const part = takeEvenly(all, 100);
    expect(part).toHaveLength(100);
    expect(new Set(part).size).toBe(100);
    expect(new Set(part.map(({ label }) => label))).toEqual(new Set(['negative', 'positive']));
    expect(takeEvenly(all, all.length)).toEqual(all);
  });
});
