// pnpm --filter @unrolled/wasm bench: best and median of several rounds of processor time on one thread.
import { benchGemm } from './gemm.ts';
import { benchMaths } from './maths.ts';
import { benchPeak } from './peak.ts';
import { benchRandom } from './random.ts';

console.log(`Node ${process.version}, best (median)`);
benchPeak();
benchMaths();
benchRandom();
benchGemm();
benchPeak();
