// pnpm --filter @unrolled/wasm bench: best and median of several rounds of processor time on one thread; last, what threads cost.
import { benchGemm } from './gemm.ts';
import { benchMaths } from './maths.ts';
import { benchPeak } from './peak.ts';
import { benchRandom } from './random.ts';
import { benchThreads } from './threads.ts';

console.log(`Node ${process.version}, best (median)`);
benchPeak();
benchMaths();
benchRandom();
benchGemm();
benchPeak();
await benchThreads();
