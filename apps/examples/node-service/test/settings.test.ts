// Flags before variables before defaults, and what is no setting.
import { expect, it } from 'vitest';
import { defaultLimits } from '../src/limits.ts';
import { readSettings } from '../src/settings.ts';

it('has defaults', () => {
  expect(readSettings([], {})).toMatchObject({
    model: 'out/model',
    host: '127.0.0.1',
    port: 8080,
    limits: defaultLimits,
  });
});

it('takes flags before variables', () => {
  const env = { SERVICE_PORT: '1', SERVICE_STOP_MS: '2', SERVICE_MODEL: 'a', SERVICE_BACKEND: 'b', PORT: '9' };
  const { model, backend, port, limits } = readSettings(['--port', '3', '--model=c', '--wait-ms', '0'], env);
  expect({ model, backend, port }).toEqual({ model: 'c', backend: 'b', port: 3 });
  expect(limits).toEqual({ ...defaultLimits, stopMs: 2, waitMs: 0 });
});

it.each([
  [['--portt', '3'], "Unknown option '--portt'"],
  [['model'], "Unexpected argument 'model'"],
  [['--port'], 'argument missing'],
  [['--port', '65536'], '--port must be a whole number from 0 to 65535, but "65536" was given'],
  [['--batch', '0'], '--batch must be a whole number from 1'],
  [['--stop-ms', '1e3'], '"1e3" was given'],
  [['--queue='], '"" was given'],
])('refuses %j', (argv, message) => {
  expect(() => readSettings(argv, {})).toThrow(expect.objectContaining({ code: 'SETTING_INVALID' }));
  expect(() => readSettings(argv, {})).toThrow(message);
});
