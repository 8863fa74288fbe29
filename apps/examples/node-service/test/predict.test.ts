// POST /predict over HTTP: the model's own answers, many callers at once, health and metrics.
import { connect } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { defaultLimits } from '../src/limits.ts';
import { defaultBackend } from '../src/pieces.ts';
import { loadServedModel } from '../src/served-model.ts';
import { createService } from '../src/service.ts';
import {
  ask,
  askFor,
  metric,
  pause,
  type Running,
  removeModels,
  saveTinyModel,
  serve,
  someTexts,
  until,
} from './support.ts';

let folder: string;
let running: Running;
beforeAll(async () => {
  folder = await saveTinyModel();
  running = await serve(folder);
});
afterAll(async () => {
  await running.stop();
  removeModels();
});

describe('answers', () => {
  it('are those of model.predict', async () => {
    for (const text of [...(await someTexts(6)), '!!!', 'ünïcödé 🎬 \u0000', 'word '.repeat(400)]) {
      const { status, json, headers } = await askFor(running.port, text);
      expect(status).toBe(200);
      expect(headers.get('content-type')).toBe('application/json');
      expect(json).toEqual(await running.model.predict(text));
    }
  });

  it('go through the network together, and each caller gets its own', async () => {
    // A longer wait than the default, as this machine may be busy with other tests.
    const busy = await serve(folder, { waitMs: 50 });
    const texts = await someTexts(200);
    const answers = await Promise.all(texts.map((text) => askFor(busy.port, text)));
    const expected = await busy.model.predict(texts);
    expect(answers.map(({ json }) => json)).toEqual(expected);
    expect(new Set(expected.map(({ probability }) => probability)).size).toBeGreaterThan(150);
    const batches = await metric(busy.port, 'batch_texts_count');
    expect(batches).toBeGreaterThanOrEqual(Math.ceil(200 / defaultLimits.batch));
    expect(batches).toBeLessThan(100);
    expect(await metric(busy.port, 'batch_texts{quantile="1"}')).toBeLessThanOrEqual(defaultLimits.batch);
    expect(await metric(busy.port, 'batch_texts_sum')).toBe(200);
    await busy.stop();
  });
});

describe('requests on one connection', () => {
  it('are answered in their order, however many are sent before the first answer', async () => {
    const warned = vi.fn();
    process.on('warning', warned);
    const texts = await someTexts(40);
    const socket = connect(running.port, '127.0.0.1').setEncoding('utf8');
    let received = '';
    socket.on('data', (text) => {
      received += text;
    });
    for (const text of texts) {
      const body = JSON.stringify({ text });
      socket.write(`POST /predict HTTP/1.1\r\nhost: a\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`);
    }
    const expected = (await running.model.predict(texts)).map((prediction) => JSON.stringify(prediction));
    await expect.poll(() => received.match(/^\{"label".*$/gm), { timeout: 20_000 }).toEqual(expected);
    socket.destroy();
    await pause(1); // warnings come a turn later
    expect(warned).not.toHaveBeenCalled();
    process.off('warning', warned);
  });
});

describe('metrics', () => {
  it('count answers and time predictions', async () => {
    const count = 'prediction_seconds_count';
    const ok = 'http_answers_total{route="/predict",status="200"}';
    const refused = 'http_answers_total{route="/predict",status="422"}';
    const before = await Promise.all([count, ok, refused].map((name) => metric(running.port, name)));
    await askFor(running.port, 'fine');
    await askFor(running.port, '');
    const after = await Promise.all([count, ok, refused].map((name) => metric(running.port, name)));
    expect(after).toEqual(before.map((value) => value + 1));
    const [half = 0, most = 0, largest = 0] = await Promise.all(
      ['0.5', '0.99', '1'].map((share) => metric(running.port, `prediction_seconds{quantile="${share}"}`)),
    );
    expect(half).toBeGreaterThan(0);
    expect(most).toBeGreaterThanOrEqual(half);
    expect(largest).toBeGreaterThanOrEqual(most);
    expect(await metric(running.port, 'process_resident_memory_bytes')).toBeGreaterThan(1e6);
  });
});

describe('a service', () => {
  const services: { readonly stop: () => Promise<void> }[] = [];
  afterEach(async () => {
    for (const { stop } of services.splice(0)) await stop();
  });

  it('says that it is not ready until it has a model', async () => {
    const service = createService(defaultLimits);
    services.push(service);
    const port = await service.listen(0, '127.0.0.1');
    for (const { status, json, headers } of [await ask(port, '/healthz'), await askFor(port, 'fine')]) {
      expect(status).toBe(503);
      expect(json.error.code).toBe('STARTING');
      expect(headers.get('retry-after')).toBe('1');
    }
    service.open(await loadServedModel(folder, defaultBackend, 2));
    expect(await ask(port, '/healthz')).toMatchObject({ status: 200, json: { status: 'ready' } });
    expect((await askFor(port, 'fine')).status).toBe(200);
  });

  it('turns callers away when too many wait, and answers those that do', async () => {
    const crowded = await serve(folder, { queue: 5, batch: 6, waitMs: 1_000_000 });
    services.push(crowded);
    const texts = await someTexts(6);
    const expected = await crowded.model.predict(texts);
    const waiting = texts.slice(0, 5).map((text) => askFor(crowded.port, text));
    await until(crowded.port, 'queue_texts', 5);
    const turnedAway = await askFor(crowded.port, texts[5] as string);
    expect(turnedAway).toMatchObject({ status: 503, json: { error: { code: 'QUEUE_FULL' } } });
    expect(turnedAway.headers.get('retry-after')).toBe('1');
    await crowded.stop();
    expect((await Promise.all(waiting)).map(({ json }) => json)).toEqual(expected.slice(0, 5));
  });

  it('lets go of callers that leave while they wait', async () => {
    const patient = await serve(folder, { waitMs: 1_000_000 });
    services.push(patient);
    const leaver = new AbortController();
    const body = JSON.stringify({ text: 'fine' });
    const left = fetch(`http://127.0.0.1:${patient.port}/predict`, { method: 'POST', body, signal: leaver.signal });
    await until(patient.port, 'queue_texts', 1);
    leaver.abort();
    await expect(left).rejects.toThrow('aborted');
    await until(patient.port, 'queue_texts', 0);
    await until(patient.port, 'http_answers_total{route="/predict",status="gone"}', 1);
    expect(await metric(patient.port, 'batch_texts_count')).toBe(0);
  });
});
