// A run in a process of its own, for resume.test.ts to kill: it goes on from the folder's checkpoint and says each update.
import { pipeline, reviews } from './support.ts';

const to = process.argv[2] as string;
const settings = { epochs: 8, batchSize: 2, checkpoint: { to, every: { updates: 1 } }, resume: true } as const;
for await (const { update } of pipeline().fit(reviews(30), settings)) process.stdout.write(`${update}\n`);
