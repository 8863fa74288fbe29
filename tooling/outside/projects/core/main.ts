// A user's own cell, written against the packed core alone.
import { defineCell, defineOptions, exp, flag, isUnrolledError, parseOptions, size, zeros } from '@unrolled/core';

const counter = defineCell({
  name: 'counter',
  package: 'unrolled-cell-counter',
  source: 'this file',
  options: defineOptions({ units: size(4, 'Size of the state.'), fast: flag(false, 'Whether to hurry.') }),
  equations: 'h[t] = h[t-1] + b',
  output: 'h',
  parameters: { b: zeros() },
});

const options = parseOptions(counter.options, { units: 3 }, 'cell "counter"');
if (options.units !== 3 || options.fast !== false) throw new Error('options must take their defaults');
try {
  parseOptions(counter.options, { unit: 3 }, 'cell "counter"');
  throw new Error('an unknown option must be refused');
} catch (error) {
  if (!isUnrolledError(error, 'OPTION_INVALID')) throw error;
  console.log(error.message);
}
console.log(`${counter.kind} ${counter.name}: e = ${exp(1)}`);
