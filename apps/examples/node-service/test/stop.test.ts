// How a service ends: what waits is answered, streams may finish, and the process leaves by itself.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import { fileURLToPath } from 'node:url';
import type { Prediction } from 'unrolled';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { registry } from '../src/pieces.ts';
import { ask, askFor, openStream, pause, removeModels, saveTinyModel, serve, someTexts, until } from './support.ts';

let folder: string;
beforeAll(async () => {
  folder = await saveTinyModel();
});
afterAll(removeModels);

const main = fileURLToPath(new URL('../src/main.ts', import.meta.url));

interface Started {
  readonly child: ChildProcess;
  /** Resolves with what it printed when it has printed `text`, or has ended. */
  readonly printed: (text: string) => Promise<string>;
  /** Resolves when it has ended. */
  readonly ended: Promise<{ readonly code: number | null; readonly output: string }>;
}

function startProcess(...flags: readonly string[]): Started {
  const node = ['--conditions=@unrolled/source', '--import', import.meta.resolve('tsx'), main];
  const env = { ...process.env, TSX_DISABLE_CACHE: '1', SERVICE_PORT: '0', SERVICE_MODEL: folder };
  const child = spawn(process.execPath, [...node, ...flags], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text) => {
      output += text;
      child.emit('printed');
    });
  const ended = once(child, 'close').then(([code]) => ({ code: code as number | null, output }));
  const printed = async (text: string): Promise<string> => {
    while (!output.includes(text) && child.exitCode === null) await Promise.race([once(child, 'printed'), ended]);
    return output;
  };
  return { child, printed, ended };
}

async function portOf({ printed }: Started): Promise<number> {
  return Number(/listening on http:\/\/127\.0\.0\.1:(\d+)/.exec(await printed('ready'))?.[1]);
}

describe('a process', () => {
  it('told to end by SIGTERM answers all that wait, takes nothing new and exits with 0', async () => {
    const started = startProcess('--wait-ms', '1000000', '--batch', '100');
    const port = await portOf(started);
    const texts = await someTexts(20);
    const waiting = texts.map((text) => askFor(port, text));
    await until(port, 'queue_texts', 20);
    started.child.kill('SIGTERM');
    const answers = await Promise.all(waiting);
    const model = await registry.load(folder);
    expect(answers.map(({ json }) => json)).toEqual(await model.predict(texts));
    model.dispose();
    for (const { headers } of answers) expect(headers.get('connection')).toBe('close');
    const { code, output } = await started.ended;
    expect(code).toBe(0);
    expect(output).toMatch(/SIGTERM: stopping\nstopped\n$/);
    await expect(ask(port, '/healthz')).rejects.toThrow('fetch failed');
  });

  it('told twice ends at once', async () => {
    const started = startProcess('--stop-ms', '1000000');
    const client = openStream(await portOf(started)); // what it would wait for
    await client.say('fine');
    started.child.kill('SIGINT');
    await started.printed('SIGINT: stopping');
    started.child.kill('SIGINT');
    expect((await started.ended).code).toBe(1);
  });

  it('says what is wrong with its model and ends with 1', async () => {
    const { code, output } = await startProcess('--model', `${folder}-not-there`).ended;
    expect(code).toBe(1);
    expect(output).toContain(`MODEL_NOT_FOUND: There is no model in ${folder}-not-there.`);
  });
});

describe('a stop', () => {
  it('lets streams finish', async () => {
    const { port, stop, model } = await serve(folder);
    const client = openStream(port);
    await client.say('an instant');
    const stopped = stop();
    expect(await client.say('classic')).toMatchObject(await model.predict('an instant classic'));
    client.request.end();
    expect(await client.hear()).toBeUndefined();
    await stopped;
  });

  it('ends streams that don’t finish, with a last line, and disposes of the model', async () => {
    const { port, stop, model } = await serve(folder, { stopMs: 50 });
    const talking = openStream(port);
    await talking.say('an instant');
    const silent = openStream(port);
    silent.request.flushHeaders();
    await until(port, 'streams_open', 2);
    await Promise.all([stop(), stop()]);
    expect(await talking.hear()).toMatchObject({ error: { code: 'STOPPING' } });
    expect(await talking.hear()).toBeUndefined();
    expect((await silent.response).statusCode).toBe(503);
    await expect(model.predict('fine')).rejects.toMatchObject({ code: 'EXECUTABLE_DISPOSED' });
  });

  it('answers requests whose text was still to come, and turns away later ones on the same connection', async () => {
    const { port, stop, model } = await serve(folder);
    const socket = connect(port, '127.0.0.1').setEncoding('utf8');
    let answers = '';
    socket.on('data', (text) => {
      answers += text;
    });
    const closed = once(socket, 'close');
    const head = 'POST /predict HTTP/1.1\r\nhost: a\r\ncontent-length: 15\r\n\r\n';
    socket.write(`${head}{"text":`);
    await pause(50); // until it is read
    const stopped = stop();
    socket.write(`"fine"}${head}{"text":"dull"}`);
    await Promise.all([stopped, closed]);
    expect(answers).toMatch(/^HTTP\/1\.1 200 /);
    expect(answers).toContain(JSON.stringify(await modelAnswer(folder, 'fine')));
    expect(answers.match(/"label"/g)?.length).toBe(1);
    await expect(model.predict('fine')).rejects.toMatchObject({ code: 'EXECUTABLE_DISPOSED' });
  });
});

async function modelAnswer(from: string, text: string): Promise<Prediction> {
  const model = await registry.load(from);
  const answer = await model.predict(text);
  model.dispose();
  return answer;
}
