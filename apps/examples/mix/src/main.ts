// Learns from eight orders and follows a new one.
import { createMix, orders } from './mix.ts';

const pipeline = createMix();
const { epochs } = await pipeline.fit(orders, { epochs: 30, batchSize: 4, seed: 1 });
const { label, probability } = await pipeline.predict('now turn to the right please');
console.log(`loss ${epochs.at(-1)?.loss.toFixed(3)} after ${epochs.length} epochs`);
console.log(`"now turn to the right please" → ${label} (${probability.toFixed(2)})`);
pipeline.dispose();
