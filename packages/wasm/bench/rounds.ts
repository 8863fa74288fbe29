// Measures a function in several rounds of processor time, since other programs may share the machine.

/** Work per nanosecond in each round, in order of size. */
export type Rates = readonly number[];

const ROUNDS = 15;
/** Milliseconds that a round takes at least, and those before the first, in which the compiler does its best. */
const LEAST = 10;
const WARM_UP = 150;

/** Runs some rounds of at least 10 ms. `work` is that of one call. */
export function rounds(run: () => void, work: number): Rates {
  for (const began = performance.now(); performance.now() - began < WARM_UP; ) run();
  let calls = 1;
  while (elapsed(run, calls) < LEAST) calls *= 2;
  const rates = Array.from({ length: ROUNDS }, () => (work * calls) / (1e6 * elapsed(run, calls)));
  return rates.sort((a, b) => a - b);
}

/** Milliseconds of processor time. */
function elapsed(run: () => void, calls: number): number {
  const began = process.cpuUsage();
  for (let i = 0; i < calls; i++) run();
  const { user, system } = process.cpuUsage(began);
  return (user + system) / 1000;
}

/** Prints the best and the median of every column. */
export function report(name: string, columns: Readonly<Record<string, Rates>>, unit: string): void {
  const cells = Object.entries(columns).map(([column, rates]) => {
    const median = rates[rates.length >> 1] as number;
    return `${column} ${(rates.at(-1) as number).toFixed(1)} (${median.toFixed(1)})`.padEnd(22);
  });
  console.log(`${name.padEnd(32)}${cells.join('')}${unit}`);
}
