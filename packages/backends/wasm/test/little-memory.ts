// A process whose engine gives little memory: says what a large batch is refused with, and whether training goes on as without it.
import { isUnrolledError } from '@unrolled/core';
import { wasmBackend } from '../src/index.ts';
import { batchOf, bitsOf, lstmLayer, networkOf, ragged, weightsOf } from './trials.ts';

const network = networkOf({ layers: [lstmLayer(32)] });
const [disturbed, undisturbed] = [
  await wasmBackend()(network, { threads: 1 }),
  await wasmBackend()(network, { threads: 1 }),
];
let refusal: unknown;
for (const executable of [disturbed, undisturbed]) {
  await executable.write({ parameters: weightsOf(executable) });
  for (let update = 0; update < 4; update++) {
    const options = { key: { seed: 1, update }, learningRate: 0.1 };
    const batch = batchOf(network, ragged(8, 9));
    await executable.trainStep(batch, executable.initialState(8), options);
    if (executable !== disturbed || update !== 1) continue;
    const large = batchOf(network, new Array(100).fill(400));
    await executable.trainStep(large, executable.initialState(100), options).catch((error) => {
      refusal = error;
    });
  }
}
const bits = await Promise.all(
  [disturbed, undisturbed].map(async (executable) => bitsOf((await executable.read()).parameters)),
);
console.log(
  JSON.stringify({
    code: isUnrolledError(refusal) && refusal.code,
    message: refusal instanceof Error && refusal.message,
    same: bits[0] === bits[1],
  }),
);
