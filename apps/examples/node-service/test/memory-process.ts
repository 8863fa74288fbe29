// Run with --expose-gc: serves the model in a folder, asks it in all ways again and again, and prints bytes after each round.
import { Agent, request as httpRequest } from 'node:http';
import { openStream, serve, until } from './support.ts';

const rounds = 4;
const callsOfRound = 700;
const atOnce = 10;
const [folder = ''] = process.argv.slice(2);
const { port, stop } = await serve(folder, { waitMs: 0 });
const agent = new Agent({ keepAlive: true, maxSockets: atOnce });

function predict(body: string): Promise<void> {
  return new Promise((resolve, reject) => {
    httpRequest({ port, host: '127.0.0.1', path: '/predict', method: 'POST', agent }, (response) => {
      response.resume().on('end', resolve);
    })
      .on('error', reject)
      .end(body);
  });
}

/** A stream that its client leaves, and one that it ends. */
async function streams(): Promise<void> {
  const [leaving, ending] = [openStream(port), openStream(port)];
  for (const client of [leaving, ending]) for (const line of ['an instant', 'classic']) await client.say(line);
  leaving.request.destroy();
  ending.request.end();
  await ending.hear();
}

async function round(): Promise<number> {
  for (let call = 0; call < callsOfRound; call += atOnce) {
    const bodies = Array.from({ length: atOnce }, (_, index) =>
      JSON.stringify({ text: `film number ${call + index}` }),
    );
    bodies[0] = 'not JSON';
    await Promise.all(bodies.map(predict));
    if (call % 50 === 0) await streams();
  }
  await until(port, 'streams_open', 0);
  // What was closed is freed some turns of the event loop later.
  for (let turn = 0; turn < 5; turn += 1) {
    await new Promise((resolve) => setTimeout(resolve, 20));
    (globalThis as unknown as { gc: () => void }).gc();
  }
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

const bytes: number[] = [];
for (let count = 0; count < rounds; count += 1) bytes.push(await round());
console.log(JSON.stringify({ bytes, calls: callsOfRound }));
agent.destroy();
await stop();
