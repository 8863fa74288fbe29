// What a client can get wrong, and what it is told.
import { connect } from 'node:net';
import { Readable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Answer, ask, askFor, type Running, removeModels, saveTinyModel, serve } from './support.ts';

let running: Running;
beforeAll(async () => {
  running = await serve(await saveTinyModel(), { bodyBytes: 1000, tokens: 20, silenceMs: 150 });
});
afterAll(async () => {
  await running.stop();
  removeModels();
});

function expectRefused({ status, json }: Answer, expectedStatus: number, code: string, message?: string): void {
  expect({ status, code: json.error.code }).toEqual({ status: expectedStatus, code });
  if (message !== undefined) expect(json.error.message).toContain(message);
}

const send = (body: RequestInit['body'], path = '/predict'): Promise<Answer> =>
  ask(running.port, path, { body: body as string });

describe('a body', () => {
  it.each(['', '{"text":', 'text', '{"text": "a"} x'])('that is no JSON: %j', async (body) => {
    expectRefused(await send(body), 400, 'BODY_NOT_JSON', 'not JSON');
  });

  it.each(['null', '7', '"text"', '[]', '{}', '{"text": 7}', '{"text": ["a"]}'])('without a text: %s', async (body) => {
    expectRefused(await send(body), 422, 'TEXT_MISSING');
  });

  it.each(['', ' \n\t'])('with an empty text: %j', async (text) => {
    expectRefused(await askFor(running.port, text), 422, 'TEXT_EMPTY');
  });

  it('that is no UTF-8', async () => {
    expectRefused(await send(new Uint8Array([0x7b, 0xff, 0x7d])), 400, 'BODY_NOT_UTF8');
  });

  it('that is too large, with its size told or not', async () => {
    const fits = { text: `fine ${' '.repeat(1000 - '{"text":"fine "}'.length)}` };
    expect((await send(JSON.stringify(fits))).status).toBe(200);
    expectRefused(await send(`${JSON.stringify(fits)} `), 413, 'BODY_TOO_LARGE', '1000 bytes');
    const chunks = Readable.from(Array.from({ length: 40 }, () => Buffer.alloc(100_000, 'a')));
    const init = { method: 'POST', body: Readable.toWeb(chunks), duplex: 'half' };
    expectRefused(await ask(running.port, '/predict', init as unknown as RequestInit), 413, 'BODY_TOO_LARGE');
  });

  it('with too many tokens, refused rather than cut', async () => {
    expect((await askFor(running.port, 'word, '.repeat(20))).status).toBe(200);
    expectRefused(await askFor(running.port, 'word, '.repeat(21)), 422, 'TEXT_TOO_LONG', '21 tokens, and 20 are');
  });

  it('that does not come', async () => {
    const answer = await sendRaw('POST /predict HTTP/1.1\r\nhost: a\r\ncontent-length: 9\r\n\r\n{"te');
    expect(answer).toMatch(/^HTTP\/1.1 408 /);
    expect(answer).toContain('"code":"CLIENT_SILENT"');
  });
});

describe('a request', () => {
  it('for what is not there', async () => {
    for (const path of ['/', '/predict/', '//', '/PREDICT', '/constructor'])
      expectRefused(await ask(running.port, path), 404, 'ROUTE_UNKNOWN');
  });

  it('with a query is one without', async () => {
    expect((await send('{"text":"fine"}', '/predict?x=1')).status).toBe(200);
  });

  it('with the wrong method', async () => {
    for (const [path, method, allowed] of [
      ['/predict', 'GET', 'POST'],
      ['/predict', 'DELETE', 'POST'],
      ['/stream', 'PUT', 'POST'],
      ['/healthz', 'POST', 'GET'],
      ['/metrics', 'POST', 'GET'],
    ] as const) {
      const answer = await ask(running.port, path, { method });
      expectRefused(answer, 405, 'METHOD_WRONG');
      expect(answer.headers.get('allow')).toBe(allowed);
    }
  });

  it('that is no HTTP', async () => {
    expect(await sendRaw('what?\r\n\r\n')).toMatch(/^HTTP\/1.1 400 /);
  });
});

it('is nobody else’s trouble', async () => {
  const texts = ['fine', '', 'dull', 'word '.repeat(30), 'a superb film'];
  const answers = await Promise.all(texts.map((text) => askFor(running.port, text)));
  expect(answers.map(({ status }) => status)).toEqual([200, 422, 200, 422, 200]);
  for (const index of [0, 2, 4])
    expect(answers[index]?.json).toEqual(await running.model.predict(texts[index] as string));
});

/** Everything that comes back for these bytes until the service hangs up. */
function sendRaw(bytes: string): Promise<string> {
  return new Promise((resolve, reject) => {
    let answer = '';
    const socket = connect(running.port, '127.0.0.1', () => socket.write(bytes));
    socket.setEncoding('utf8').on('data', (text) => {
      answer += text;
    });
    socket.on('close', () => resolve(answer)).on('error', reject);
  });
}
