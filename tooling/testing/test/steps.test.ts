// Test commands count everything, go on after a failure, and never take a crash for a pass.
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { command, execute, runSteps } from '../steps.ts';
import { outcomeOf, vitest } from '../vitest.ts';

const printed: string[] = [];

beforeEach(() => {
  printed.length = 0;
  vi.spyOn(console, 'log').mockImplementation((...words) => void printed.push(words.join(' ')));
});
afterEach(() => void vi.restoreAllMocks());

const node = (program: string): string[] => ['node', '-e', program, '--'];

describe('steps', () => {
  test('all run, and the sum stands alone on the last line', async () => {
    const code = await runSteps([
      command('bad', node('console.log("why"); process.exit(2)')),
      { name: 'tests', run: async () => ({ passed: 41, failed: 0, note: '' }) },
      command('good', node('console.log("7 files")')),
    ]);
    expect(code).toBe(1);
    expect(printed.at(-1)).toBe('42 passed, 1 failed');
    expect(printed[0]).toBe('why');
    expect(printed.join('\n')).toMatch(/✗ bad .* 0 passed, 1 failed {2}exit 2/);
    expect(printed.join('\n')).toMatch(/✓ good .* 1 passed, 0 failed {2}7 files/);
  });

  test('side by side run at once, each lane in its order, and are listed as they are given', async () => {
    const events: string[] = [];
    let meet: () => void;
    const met = new Promise<void>((resolve) => {
      meet = resolve;
    });
    const step = (name: string, run: () => unknown) => ({
      name,
      run: async () => {
        events.push(name);
        await run();
        return { passed: 1, failed: 0, note: '' };
      },
    });
    // The first can only end after one of the other lane has run.
    const lanes = [[step('waits', () => met), step('follows', () => undefined)], [step('meets', () => meet())]];
    expect(await runSteps([step('before', () => undefined), lanes, step('after', () => undefined)])).toBe(0);
    expect(events).toEqual(['before', 'waits', 'meets', 'follows', 'after']);
    expect(printed.at(-2)?.match(/(?<=✓ )\w+/g)).toEqual(['before', 'waits', 'follows', 'meets', 'after']);
    expect(printed.at(-1)).toBe('5 passed, 0 failed');
  });

  test('a step that throws is one failure', async () => {
    const run = async (): Promise<never> => {
      throw new Error('broken');
    };
    expect(await runSteps([{ name: 'throws', run }])).toBe(1);
    expect(printed.at(-1)).toBe('0 passed, 1 failed');
  });

  test('a command that does not exist fails', async () => {
    expect((await execute(['no-such-command'])).code).not.toBe(0);
  });

  test('a vitest that crashes is one failure, one that skips is none', async () => {
    expect(await vitest('crash', node('process.exit(9)')).run()).toMatchObject({ passed: 0, failed: 1 });
    expect(await vitest('skip', node('')).run()).toMatchObject({ passed: 0, failed: 0 });
  });
});

describe('counts of a vitest report', () => {
  const file = (status: string, ...statuses: string[]) => ({
    name: 'a.test.ts',
    status,
    assertionResults: statuses.map((one) => ({ status: one })),
  });

  test.each([
    ['tests one by one', [file('passed', 'passed', 'passed'), file('failed', 'failed', 'passed')], 1, [3, 1]],
    ['a file that could not be read', [file('failed'), file('passed', 'passed')], 1, [1, 1]],
    ['an error outside of any test', [file('passed', 'passed')], 1, [1, 1]],
    ['skipped tests as neither', [file('passed', 'passed', 'skipped', 'todo')], 0, [1, 0]],
  ] as const)('%s', (_, testResults, code, [passed, failed]) => {
    expect(outcomeOf({ success: code === 0, testResults }, code)).toMatchObject({ passed, failed });
  });

  test('skipped tests are told', () => {
    expect(outcomeOf({ success: true, testResults: [file('passed', 'skipped')] }, 0).note).toBe('1 files, 1 skipped');
  });
});
