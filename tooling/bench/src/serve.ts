// The side of the protocol that a measured process in Node speaks: requests on stdin, answers on stdout.
import { createInterface } from 'node:readline';
import type { Answer, Facts, Memory, Request, Timing } from './protocol.ts';

/** Something ready to be measured. */
export interface Work {
  readonly run: () => Promise<unknown>;
  readonly facts?: Facts;
}

/** Makes works by name, of what the request gives. */
export type Works = Readonly<Record<string, (given: any) => Promise<Work>>>;

/** Answers requests until stdin ends. What else the process prints goes to stderr. */
export async function serve(version: string, works: Works): Promise<void> {
  console.log = console.error;
  const prepared: Work[] = [];
  const say = (answer: Answer): void => void process.stdout.write(`${JSON.stringify(answer)}\n`);
  say({ version });
  for await (const line of createInterface({ input: process.stdin })) {
    try {
      say(await answer(JSON.parse(line) as Request, works, prepared));
    } catch (error) {
      say({ error: (error as Error).stack ?? String(error) });
    }
  }
  process.exit(0);
}

async function answer(request: Request, works: Works, prepared: Work[]): Promise<Answer> {
  if ('prepare' in request) {
    const make = works[request.prepare];
    if (!make) throw new Error(`This process knows nothing of "${request.prepare}".`);
    const work = await make(request.given);
    prepared.push(work);
    return { prepared: prepared.length - 1, facts: work.facts ?? {} };
  }
  if ('memory' in request) return { memory: memory() };
  const work = prepared[request.run] as Work;
  return request.each ? { each: await timeEach(work, request.times) } : { timing: await time(work, request.times) };
}

async function time({ run }: Work, times: number): Promise<Timing> {
  const used = process.cpuUsage();
  const began = performance.now();
  for (let call = 0; call < times; call++) await run();
  const elapsed = performance.now() - began;
  const { user, system } = process.cpuUsage(used);
  return { elapsed, processor: (user + system) / 1000 };
}

async function timeEach({ run }: Work, times: number): Promise<readonly number[]> {
  const milliseconds: number[] = [];
  for (let call = 0; call < times; call++) {
    const began = performance.now();
    await run();
    milliseconds.push(performance.now() - began);
  }
  return milliseconds;
}

/** After a collection of garbage, where the process was started with --expose-gc. */
function memory(): Memory {
  (globalThis as { gc?: () => void }).gc?.();
  const { rss, heapUsed, external } = process.memoryUsage();
  return { resident: rss, heap: heapUsed + external, peak: 1024 * process.resourceUsage().maxRSS };
}
