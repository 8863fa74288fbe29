// npm run train: learns from the movie reviews, measures the model on the held-out ones and saves it.
import { parseArgs } from 'node:util';
import { movieReviewsHeldout, movieReviewsTrain } from '@unrolled/dataset-movie-reviews';
import { defaultBackend, defaultFolder } from './pieces.ts';
import { trainModel } from './train-model.ts';

const { values } = parseArgs({
  options: {
    out: { type: 'string', default: defaultFolder },
    backend: { type: 'string', default: defaultBackend },
  },
});
const [train, heldout] = await Promise.all([movieReviewsTrain(), movieReviewsHeldout()]);
const epochs = 2;
console.log(`${train.length} reviews, ${epochs} epochs, backend ${values.backend}`);
const pipeline = await trainModel(train, {
  epochs,
  units: 32,
  embedding: 32,
  backend: values.backend,
  onProgress: ({ epoch, ended }) => {
    if (ended) console.log(`epoch ${epoch}: loss ${ended.loss.toFixed(3)} (${ended.seconds.toFixed(1)} s)`);
  },
});
const { accuracy } = await pipeline.evaluate(heldout);
console.log(`${(100 * accuracy).toFixed(1)}% of ${heldout.length} held-out reviews right`);
// Slim: further training is not what a service does.
await pipeline.save(values.out, { slim: true });
pipeline.dispose();
console.log(`saved to ${values.out}`);
