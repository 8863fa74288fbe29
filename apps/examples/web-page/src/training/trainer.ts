// Trains, pauses and goes on; classifies at any time. Knows nothing of pages: it works in Node too.
import {
  type Anatomy,
  type CheckpointStore,
  type Example,
  isUnrolledError,
  memoryCheckpoints,
  type Pipeline,
  type Progress,
  type Run,
  sha256,
} from '@unrolled/core';
import { type Classification, classify, notBegun } from './classify.ts';
import { type Builder, buildPipeline, fitSettings, type Label } from './pipeline.ts';
import type { Settings } from './settings.ts';

/** Where a training stands. */
export type Phase = 'ready' | 'preparing' | 'training' | 'pausing' | 'paused' | 'stopping' | 'ended' | 'failed';

/** A place to train in: a worker, or the caller's own thread. */
export interface Place extends Builder {
  readonly close: () => Promise<void>;
}

/** What a trainer tells. */
export interface TrainerEvents {
  readonly phase?: (phase: Phase) => void;
  /** A step was made. A loop that is slower than the worker's steps hears of the latest, and of every end of an epoch. */
  readonly step?: (progress: Progress) => void;
  /** The training broke off; `phase` is told first. */
  readonly failed?: (error: unknown) => void;
}

/** One training at a time. */
export interface Trainer {
  /** Begins anew, where none is under way; resolves when the training rests: paused, ended or failed. */
  readonly start: (settings: Settings, reviews: () => Promise<readonly Example[]>) => Promise<void>;
  /** Rests after the step that it is in, and keeps a checkpoint. */
  readonly pause: () => void;
  /** Goes on from the checkpoint, in the same bits as if there had been no pause. */
  readonly resume: () => Promise<void>;
  /** Ends after the step that it is in; what was learned stays. */
  readonly stop: () => void;
  /** By the weights of the moment. @throws UnrolledError see `classify` */
  readonly classify: (sentence: string) => Promise<Classification>;
  /** The network of the moment, laid open. @throws UnrolledError `NOT_FITTED` before the first step */
  readonly anatomy: () => Promise<Anatomy>;
  /** SHA-256 of the weights of the moment, as a safetensors file. */
  readonly weights: () => Promise<string>;
}

/** A training that has begun. */
interface Course {
  readonly settings: Settings;
  readonly reviews: readonly Example[];
  readonly place: Place;
  readonly pipeline: Pipeline<Label>;
  readonly checkpoints: CheckpointStore;
}

/** @param open - a new place for each training, so that the last one's memory is given back. */
export function createTrainer(
  open: () => Promise<Place>,
  threads: number,
  { phase: tellPhase, step, failed }: TrainerEvents,
): Trainer {
  let course: Course | undefined;
  let run: Run | undefined;
  let phase: Phase = 'ready';

  const enter = (next: Phase): void => {
    phase = next;
    tellPhase?.(next);
  };

  const fail = (error: unknown): void => {
    enter('failed');
    failed?.(error);
  };

  const follow = async ({ pipeline, reviews, settings, checkpoints }: Course): Promise<void> => {
    let finished = false;
    try {
      // The first time there is no checkpoint yet, and it begins afresh.
      run = pipeline.fit(reviews, { ...fitSettings(settings), checkpoint: { to: checkpoints }, resume: true });
      if (phase !== 'preparing') endRun();
      for await (const progress of run) {
        if (phase === 'preparing') enter('training');
        step?.(progress);
      }
      finished = (await run).stopped === 'finished';
    } catch (error) {
      // A pause before the first step.
      if (!isUnrolledError(error, 'RUN_STOPPED')) return fail(error);
    } finally {
      run = undefined;
    }
    enter(finished || phase === 'stopping' ? 'ended' : 'paused');
  };

  const endRun = (): void => {
    run?.stop().catch(() => {}); // `follow` hears of it
  };

  const halt = (next: Phase): void => {
    enter(next);
    endRun();
  };

  const present = (): Pipeline<Label> => {
    if (course) return course.pipeline;
    throw notBegun();
  };
  return {
    start: async (settings, read) => {
      enter('preparing');
      try {
        await course?.place.close();
        course = undefined;
        const reviews = await read();
        const place = await open();
        const built = buildPipeline(place, settings, threads);
        course = { settings, reviews, place, pipeline: built, checkpoints: memoryCheckpoints() };
      } catch (error) {
        return fail(error);
      }
      await follow(course);
    },
    pause: () => halt('pausing'),
    resume: async () => {
      if (!course) throw notBegun();
      enter('preparing');
      await follow(course);
    },
    stop: () => (phase === 'paused' ? enter('ended') : halt('stopping')),
    classify: async (sentence) => classify(present(), sentence),
    anatomy: async () => present().anatomy(),
    weights: async () => {
      const files = await present().toFiles({ slim: true });
      return sha256(files.get('weights.safetensors') as Uint8Array);
    },
  };
}
