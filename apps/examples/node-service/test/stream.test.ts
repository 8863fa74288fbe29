// POST /stream over HTTP: predictions of a text as it comes in, clients that leave, stall or say too much.
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import {
  ask,
  askFor,
  metric,
  openStream,
  pause,
  type Running,
  removeModels,
  saveTinyModel,
  saveTwoWayModel,
  serve,
  someReviews,
  someTexts,
  until,
} from './support.ts';

let folder: string;
beforeAll(async () => {
  folder = await saveTinyModel();
});
afterAll(removeModels);

const services: Running[] = [];
afterEach(async () => {
  for (const { stop } of services.splice(0)) await stop();
});

async function start(...given: Parameters<typeof serve>): Promise<Running> {
  const running = await serve(...given);
  services.push(running);
  return running;
}

describe('a stream', () => {
  it('answers each line with the prediction of all so far, and ends with that of the whole', async () => {
    const { port, model } = await start(folder);
    const client = openStream(port);
    let text = '';
    for (const line of [...(await someTexts(4)), '', 'naïve 🎬', '!!!']) {
      text += ` ${line}`;
      const { tokens, ...prediction } = await client.say(line);
      expect(prediction).toEqual(await model.predict(text));
      expect(tokens).toBe((await (await model.anatomy()).batch(text)).lengths[0]);
    }
    client.request.end('the end'); // a last line may have no end
    const { tokens: _, ...last } = await client.hear();
    expect(last).toEqual(await model.predict(`${text} the end`));
    expect(await client.hear()).toBeUndefined();
    const { statusCode, headers } = await client.response;
    expect([statusCode, headers['content-type']]).toEqual([200, 'application/x-ndjson']);
  });

  it('may be cut anywhere on its way', async () => {
    const { port, model } = await start(folder);
    const bytes = Buffer.from('a naïve\r\nfilm – 🎬\n\nsuperb\n');
    const client = openStream(port);
    client.request.setNoDelay(true);
    for (const byte of bytes) {
      client.request.write(Buffer.of(byte));
      await pause(1);
    }
    client.request.end();
    const texts = ['a naïve', 'a naïve film – 🎬', 'a naïve film – 🎬', 'a naïve film – 🎬 superb'];
    for (const text of texts) expect(await client.hear()).toMatchObject(await model.predict(text));
    expect(await client.hear()).toBeUndefined();
  });

  it('knows nothing of others', async () => {
    const { port, model } = await start(folder);
    const texts = await someTexts(10);
    const clients = texts.map(() => openStream(port));
    await Promise.all(texts.map((text, index) => clients[index]?.say(text)));
    const answers = await Promise.all(texts.map((text, index) => clients[index]?.say(`and ${text}`)));
    for (const [index, text] of texts.entries())
      expect(answers[index]).toMatchObject(await model.predict(`${text} and ${text}`));
    for (const { request } of clients) request.end();
  });

  it('is freed when its client leaves', async () => {
    const complaints = vi.spyOn(console, 'error');
    const { port } = await start(folder, { streams: 1 });
    const client = openStream(port);
    await client.say('an instant classic');
    expect(await metric(port, 'streams_open')).toBe(1);
    const second = openStream(port);
    expect(await second.say('fine')).toMatchObject({ error: { code: 'STREAMS_FULL' } });
    expect((await second.response).statusCode).toBe(503);
    client.request.destroy();
    await until(port, 'streams_open', 0);
    await until(port, 'http_answers_total{route="/stream",status="gone"}', 1);
    const third = openStream(port);
    expect(await third.say('fine')).toMatchObject({ tokens: 1 });
    third.request.end();
    expect(complaints).not.toHaveBeenCalled();
    complaints.mockRestore();
  });

  it('is not read further than its client reads', async () => {
    // Answers of some 10 KB, so that they fill what the system holds between the two.
    const wordy = (await someReviews(20)).map(({ text = '', label = '' }) => ({ text, label: label.repeat(600) }));
    const { port } = await start(await saveTinyModel(wordy));
    const lines = 3000;
    const client = openStream(port);
    client.request.end('a\n'.repeat(lines));
    const answered = (): Promise<number> => metric(port, 'stream_line_seconds_count');
    let before = -1;
    for (let now = await answered(); now !== before || now === 0; now = await answered()) {
      before = now;
      await pause(100);
    }
    expect(before).toBeLessThan(lines);
    let heard = 0;
    while (await client.hear()) heard += 1;
    expect(heard).toBe(lines);
  });
});

describe('an error', () => {
  it('before the first answer has a status', async () => {
    const { port } = await start(folder, { bodyBytes: 100, tokens: 10, silenceMs: 100 });
    for (const [body, status, code] of [
      ['a'.repeat(101), 413, 'BODY_TOO_LARGE'],
      ['word '.repeat(11), 422, 'TEXT_TOO_LONG'],
      [new Uint8Array([0xff, 0x0a]), 400, 'BODY_NOT_UTF8'],
    ] as const)
      expect(await ask(port, '/stream', { body })).toMatchObject({ status, json: { error: { code } } });
    const silent = openStream(port);
    silent.request.flushHeaders();
    expect(await silent.hear()).toMatchObject({ error: { code: 'CLIENT_SILENT' } });
    expect((await silent.response).statusCode).toBe(408);
  });

  it('after it is the last line', async () => {
    const { port } = await start(folder, { bodyBytes: 100, tokens: 10, silenceMs: 100 });
    for (const [line, code] of [
      ['a'.repeat(101), 'BODY_TOO_LARGE'],
      ['word '.repeat(11), 'TEXT_TOO_LONG'],
    ] as const) {
      const client = openStream(port);
      expect(await client.say('fine')).toMatchObject({ tokens: 1 });
      expect(await client.say(line)).toMatchObject({ error: { code } });
      expect(await client.hear()).toBeUndefined();
    }
    const silent = openStream(port);
    await silent.say('fine');
    expect(await silent.hear()).toMatchObject({ error: { code: 'CLIENT_SILENT' } });
    expect((await askFor(port, 'fine')).status).toBe(200);
  });

  it('is a model that needs the whole text', async () => {
    const { port } = await start(await saveTwoWayModel());
    const client = openStream(port);
    expect(await client.say('fine')).toMatchObject({
      error: { code: 'NETWORK_DOES_NOT_STREAM', message: expect.stringContaining('runs backward') },
    });
    expect((await client.response).statusCode).toBe(501);
    expect((await askFor(port, 'fine')).status).toBe(200);
  });
});
