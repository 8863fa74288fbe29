// A tiny model, a service over it on a free loopback port, and clients.
import { mkdtempSync, rmSync } from 'node:fs';
import { type ClientRequest, request as httpRequest, type IncomingMessage } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { movieReviewsTrain } from '@unrolled/dataset-movie-reviews';
import { createPipeline, defaultManifest, type Example, type Model, type Pipeline } from 'unrolled';
import { defaultLimits, type Limits } from '../src/limits.ts';
import { defaultBackend, registry } from '../src/pieces.ts';
import { loadServedModel } from '../src/served-model.ts';
import { createService } from '../src/service.ts';
import { trainModel } from '../src/train-model.ts';

/** Real reviews of both labels. */
export async function someReviews(count: number): Promise<readonly Example[]> {
  const all = await movieReviewsTrain();
  const of = (label: string): Example[] => all.filter((example) => example.label === label).slice(0, count / 2);
  return [...of('negative'), ...of('positive')];
}

/** The text of {@link someReviews}. */
export async function someTexts(count: number): Promise<string[]> {
  return (await someReviews(count)).map(({ text = '' }) => text);
}

/** The folder of a model that learned from `examples` for an epoch. */
export async function saveTinyModel(examples?: readonly Example[]): Promise<string> {
  const settings = { epochs: 1, units: 4, embedding: 5, backend: defaultBackend };
  return save(await trainModel(examples ?? (await someReviews(60)), settings));
}

/** The folder of a model whose layer runs both ways, so that it can't be streamed. */
export async function saveTwoWayModel(): Promise<string> {
  const layers = [{ use: 'lstm', with: { units: 3 }, direction: 'both' }];
  const pipeline = createPipeline(registry.resolve({ ...defaultManifest, layers }));
  await pipeline.fit(await someReviews(10), { epochs: 1, seed: 1 });
  return save(pipeline);
}

const saved: string[] = [];

async function save(pipeline: Pipeline): Promise<string> {
  const home = mkdtempSync(join(tmpdir(), 'unrolled-service-'));
  saved.push(home);
  await pipeline.save(join(home, 'model'), { slim: true });
  pipeline.dispose();
  return join(home, 'model');
}

/** Removes every model that was saved here. */
export function removeModels(): void {
  for (const home of saved.splice(0)) rmSync(home, { recursive: true, force: true });
}

/** A service of this process. */
export interface Running {
  readonly port: number;
  /** The model that it answers with. */
  readonly model: Model;
  readonly stop: () => Promise<void>;
}

/** Serves the model in `folder`. */
export async function serve(folder: string, limits: Partial<Limits> = {}): Promise<Running> {
  const all = { ...defaultLimits, ...limits };
  const service = createService(all);
  const port = await service.listen(0, '127.0.0.1');
  const served = await loadServedModel(folder, defaultBackend, Math.min(all.batch, 8));
  service.open(served);
  return { port, model: served.model, stop: service.stop };
}

/** What a service answered. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly json: any; // as in JSON.parse: what comes over the wire has no type
}

/** Asks for `path`; POST where there is a body. */
export async function ask(port: number, path: string, init: RequestInit = {}): Promise<Answer> {
  const method = init.body === undefined ? 'GET' : 'POST';
  const response = await fetch(`http://127.0.0.1:${port}${path}`, { method, ...init });
  return { status: response.status, headers: response.headers, json: await response.json() };
}

/** Asks for the prediction of `text`. */
export async function askFor(port: number, text: string): Promise<Answer> {
  return ask(port, '/predict', { body: JSON.stringify({ text }) });
}

/** The value of a line of /metrics; 0 where there is none yet. */
export async function metric(port: number, name: string): Promise<number> {
  const text = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
  const line = text.split('\n').find((each) => each.startsWith(`${name} `));
  return line === undefined ? 0 : Number(line.slice(name.length));
}

/** Waits until a metric has a value. */
export async function until(port: number, name: string, value: number): Promise<void> {
  while ((await metric(port, name)) !== value) await pause(5);
}

/** Milliseconds pass. */
export function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

/** A client of /stream. */
export interface StreamClient {
  readonly request: ClientRequest;
  readonly response: Promise<IncomingMessage>;
  /** Sends a line and gives the answer to it, or undefined where the service has ended the stream. */
  readonly say: (line: string) => Promise<any>;
  /** The next answer. */
  readonly hear: () => Promise<any>;
}

/** Opens a stream. */
export function openStream(port: number): StreamClient {
  const request = httpRequest({ port, host: '127.0.0.1', path: '/stream', method: 'POST', agent: false });
  const response = new Promise<IncomingMessage>((resolve, reject) => {
    request.once('response', resolve).once('error', reject);
  });
  response.catch(() => undefined); // looked at by those who wait for it
  request.on('error', () => undefined);
  let lines: AsyncIterator<string> | undefined;
  const hear = async (): Promise<any> => {
    lines ??= createInterface({ input: await response })[Symbol.asyncIterator]();
    const { value, done } = await lines.next();
    return done ? undefined : JSON.parse(value);
  };
  const say = async (line: string): Promise<any> => {
    request.write(`${line}\n`);
    return hear();
  };
  return { request, response, say, hear };
}
