// Positive or negative? `npm start`: two recurrent networks on all training reviews, beside two baselines, and how far
// their gradients reach. `npm run reviews` (--full): the shipped default on them, over three seeds.
import { isUnrolledError } from '@unrolled/core';
import { full } from './full.ts';
import { quick } from './quick.ts';

const known = ['--full'];
const unknown = process.argv.slice(2).find((argument) => !known.includes(argument));
if (unknown !== undefined) {
  console.error(`Unknown argument ${unknown}; there is ${known.join(', ')}.`);
  process.exit(2);
}

try {
  await (process.argv.includes('--full') ? full() : quick());
} catch (error) {
  if (!isUnrolledError(error)) throw error;
  console.error(`${error.code}: ${error.message}`);
  process.exitCode = 1;
}
