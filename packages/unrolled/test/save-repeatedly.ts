// A process for model-files.test.ts to kill or to leave without room: it saves two models in turn to one folder.
import { pipeline, reviews } from './support.ts';

const folder = process.argv[2] as string;
const models = [pipeline(), pipeline({ layers: [{ use: 'vanilla', with: { units: 40 } }] })];
for (const model of models) await model.fit(reviews(12), { epochs: 1 });
try {
  for (let round = 0; ; round += 1) {
    await models[round % 2]?.save(folder);
    process.stdout.write('saved\n');
  }
} catch (error) {
  process.stdout.write(`${(error as { code?: string }).code} ${String(error)}\n`);
}
