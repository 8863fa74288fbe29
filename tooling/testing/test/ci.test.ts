// .ci/run adds up what its parts count, and takes a crash or a bad exit for a failure. The parts here are stand-ins.
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { root } from '../../source/workspace.ts';

const home = mkdtempSync(join(tmpdir(), 'unrolled-ci-'));
afterAll(() => rmSync(home, { recursive: true }));

/** Runs .ci/run where npm does what `parts` say: shell commands for test, test:browser and test:peers. */
function ci(parts: readonly [string, string, string]): { last: string; code: number | null; output: string } {
  const bin = join(home, 'bin');
  mkdirSync(bin, { recursive: true });
  cpSync(join(root, '.ci'), join(home, '.ci'), { recursive: true });
  const [all, browser, peers] = parts;
  const npm = `case "$*" in test) ${all};; "run test:browser") ${browser};; "run test:peers") ${peers};; *) exit 9;; esac`;
  // With these at hand it installs nothing.
  for (const [name, script] of Object.entries({ npm, chromium: 'exit 0', python3: 'exit 0' }))
    writeFileSync(join(bin, name), `#!/usr/bin/env bash\n${script}\n`, { mode: 0o755 });
  const env = { ...process.env, PATH: `${bin}${delimiter}${process.env.PATH}` };
  const { stdout, status } = spawnSync('bash', [join(home, '.ci', 'run')], { env, encoding: 'utf8' });
  return { last: stdout.trimEnd().split('\n').at(-1) ?? '', code: status, output: stdout };
}

test('all counts are added', () => {
  const { last, code } = ci(['echo 40 passed, 0 failed', 'echo 1 passed, 0 failed', 'echo; echo 1 passed, 0 failed']);
  expect([last, code]).toEqual(['42 passed, 0 failed', 0]);
});

test('a part that was skipped is named and fails nothing', () => {
  const { last, code, output } = ci([
    'echo 7 passed, 0 failed',
    'echo no browser; echo 0 passed, 0 failed',
    'echo 1 passed, 0 failed',
  ]);
  expect([last, code]).toEqual(['8 passed, 0 failed', 0]);
  expect(output).toContain('npm run test:browser: 0 passed, 0 failed (skipped; the reason stands above)');
});

test('failures, a crash without counts and a bad exit after good counts all count', () => {
  const { last, code } = ci(['echo 7 passed, 2 failed; exit 1', 'kill -9 $$', 'echo 3 passed, 0 failed; exit 1']);
  expect([last, code]).toEqual(['10 passed, 4 failed', 1]);
});

test('a part that ends well without counting is a failure', () => {
  const { last, code } = ci(['echo 7 passed, 0 failed', 'true', 'echo 1 passed, 0 failed']);
  expect([last, code]).toEqual(['8 passed, 1 failed', 1]);
});

test('nothing at all is no pass', () => {
  expect(ci(['echo 0 passed, 0 failed', 'echo 0 passed, 0 failed', 'echo 0 passed, 0 failed']).code).toBe(1);
});
