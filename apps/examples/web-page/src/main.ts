// The page: joins the training in its worker with what is shown of it.
import { movieReviewsTrain } from '@unrolled/dataset-movie-reviews';
import type { Example, Progress } from 'unrolled';
import { connectWorker } from 'unrolled/worker';
import { openNorms } from './gradients/ask-worker.ts';
import { createWatch, type Look, type Watch } from './gradients/watch.ts';
import { notBegun } from './training/classify.ts';
import { type Numbers, NumbersKept } from './training/numbers.ts';
import type { pageRegistry } from './training/registry.ts';
import { takeEvenly } from './training/reviews.ts';
import type { Settings } from './training/settings.ts';
import { threadsHere } from './training/threads.ts';
import { createTrainer, type Phase } from './training/trainer.ts';
import { openClassifyForm } from './view/classify-form.ts';
import { showFault } from './view/fault.ts';
import { find } from './view/find.ts';
import { openGradientView } from './view/gradient-view.ts';
import { openLossView } from './view/loss-view.ts';
import { addEpoch, clearProgress, showProgress } from './view/progress.ts';
import { openSaveButton } from './view/save-button.ts';
import { openSettingsForm } from './view/settings-form.ts';
import { showPhase } from './view/training-controls.ts';

/** What is kept of the training that is shown. */
interface Shown {
  readonly settings: Settings;
  readonly kept: NumbersKept;
  readonly looks: Look[];
  readonly watch: Watch;
  /** The look at the weights that it rests with. */
  lastLook: Promise<void>;
}

const threads = threadsHere();
find('threads').textContent = threads.sentence;
const form = openSettingsForm();
const showLoss = openLossView();
const showGradients = openGradientView();
const norms = openNorms();
let shown: Shown | undefined;
let reviews: Promise<readonly Example[]> | undefined;

const trainer = createTrainer(openPlace, threads.count, {
  phase: enter,
  step,
  failed: (error) => showFault('failure', error),
});

function openPlace() {
  const worker = new Worker(new URL('./training/worker.ts', import.meta.url), { type: 'module' });
  return connectWorker<typeof pageRegistry>(worker);
}

/** Read once; again only where it failed. */
async function readReviews(count: number): Promise<readonly Example[]> {
  reviews ??= movieReviewsTrain();
  reviews.catch(() => {
    reviews = undefined;
  });
  return takeEvenly(await reviews, count);
}

function begin(settings: Settings): void {
  shown?.watch.end();
  const looks: Look[] = [];
  const show = (look: Look): void => {
    looks.push(look);
    showGradients(looks);
  };
  const watch = createWatch(trainer.anatomy, norms, show, (error) => showFault('failure', error));
  shown = { settings, kept: new NumbersKept(), looks, watch, lastLook: Promise.resolve() };
  showFault('failure', undefined);
  clearProgress();
  showLoss([]);
  showGradients([]);
  void trainer.start(settings, () => readReviews(settings.reviews));
}

function enter(phase: Phase): void {
  form.enable(showPhase(phase));
  const last = shown?.kept.steps.at(-1);
  if (shown && last && (phase === 'paused' || phase === 'ended')) shown.lastLook = shown.watch.look(last.update);
}

function step(progress: Progress): void {
  if (!shown) return;
  const { kept, watch } = shown;
  kept.add(progress);
  showProgress(progress);
  showLoss(kept.steps);
  if (progress.ended) addEpoch(progress.ended);
  watch.step(progress.update);
}

async function collect(): Promise<Numbers> {
  await shown?.lastLook;
  const last = shown?.looks.at(-1);
  if (!shown || !last) throw notBegun();
  const { settings, kept } = shown;
  return { settings, steps: kept.steps, epochs: kept.epochs, gradients: last.norms, weights: await trainer.weights() };
}

form.onStart(begin);
find('pause').addEventListener('click', trainer.pause);
find('resume').addEventListener('click', () => void trainer.resume());
find('stop').addEventListener('click', trainer.stop);
openClassifyForm(trainer.classify);
openSaveButton(collect);
showPhase('ready');
