// node --conditions=@unrolled/source --import tsx test/maths/exhaustive.ts [NAME…] [--stride N]
// The largest error of the SIMD functions over all 2^32 float32 numbers.
import { cos, sin } from '@unrolled/core';
import { bounds, CAPACITY, exact, kernels, type Name, names, ulps } from './kernels.ts';

const { values, run } = kernels();
const wanted = process.argv.slice(2).filter((one): one is Name => one in bounds);
const at = process.argv.indexOf('--stride');
const stride = at < 0 ? 1 : Number(process.argv[at + 1]);
let failed = false;

for (const name of wanted.length > 0 ? wanted : names) {
  const began = performance.now();
  const { error, x } = worstOf(name);
  const seconds = ((performance.now() - began) / 1000).toFixed(0);
  console.log(`${name.padEnd(9)} ${error.toFixed(3)} of ${bounds[name]} ulp, at ${x} (${seconds} s)`);
  failed ||= !(error <= bounds[name]);
}
process.exit(failed ? 1 : 0);

function worstOf(name: Name): { error: number; x: number } {
  const inputs = new Float32Array(CAPACITY);
  const bits = new Int32Array(inputs.buffer);
  const right = name === 'sin' || name === 'cos' ? turned(name === 'sin' ? 0 : 1) : exact[name];
  let worst = { error: 0, x: 0 };
  for (let next = 0; next < 2 ** 32; ) {
    let count = 0;
    for (; count < CAPACITY && next < 2 ** 32; count++, next += stride) bits[count] = next;
    values.set(inputs);
    run[name](count);
    for (let i = 0; i < count; i++) {
      const x = inputs[i] as number;
      const error = ulps(values[i] as number, right(x));
      if (!(error <= worst.error)) worst = { error, x };
    }
  }
  return worst;
}

/**
 * sin(x + quarters·π/2) for a float32, faster than core's for large ones: |x| is a whole number below 2^24 times a power of
 * two, whose product with 2/π modulo 4 is a table of three float64 of 29, 29 and 53 bits.
 */
function turned(quarters: 0 | 1): (x: number) => number {
  const plain = quarters === 0 ? sin : cos;
  const digits = BigInt('0xa2f9836e4e441529fc2757d1f534ddc0db6295993c439041fe5163abdebbc561');
  const pieces = Array.from({ length: 108 }, (_, exponent) => {
    // 2^exponent·2/π modulo 4 in units of 2^−140.
    const units = BigInt.asUintN(142, (digits << BigInt(exponent)) >> 116n);
    const high = (units >> 113n) << 113n;
    const middle = ((units - high) >> 84n) << 84n;
    return [high, middle, units - high - middle].map((piece) => Number(piece) * 2 ** -140) as [number, number, number];
  });
  const one = new Float32Array(1);
  const word = new Int32Array(one.buffer);
  return (x) => {
    const size = Math.abs(x);
    if (!(size >= 2 ** 24 && size < Infinity)) return plain(x);
    one[0] = size;
    const exponent = ((word[0] as number) >> 23) - 150;
    const significand = ((word[0] as number) & 0x7fffff) | 0x800000;
    const [high, middle, low] = pieces[exponent] as [number, number, number];
    const product = significand * high;
    const whole = Math.round(product);
    const rest = product - whole + significand * middle;
    const more = Math.round(rest);
    const angle = (rest - more + significand * low) * (Math.PI / 2);
    const quadrant = (whole + more + quarters) % 4;
    const value = quadrant % 2 === 0 ? sin(angle) : cos(angle);
    return (quadrant >= 2 ? -value : value) * (quarters === 0 && x < 0 ? -1 : 1);
  };
}
