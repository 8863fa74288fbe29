// A vitest run as one step whose tests count one by one.
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../source/workspace.ts';
import { execute, type Outcome, type Step } from './steps.ts';

/** What vitest's JSON reporter writes, as far as it is read. */
export interface VitestReport {
  readonly success: boolean;
  readonly testResults: readonly {
    readonly name: string;
    readonly status: string;
    readonly assertionResults: readonly { readonly status: string }[];
  }[];
}

/**
 * A step that runs vitest and shows its output as it comes.
 * @param argv - the command, to which the reporters are added; one that ends well without a report skipped the tests,
 *   and has said why.
 */
export function vitest(name: string, argv: readonly string[]): Step {
  const file = join(root, '.cache', `vitest-${name}.json`);
  const run = async (): Promise<Outcome> => {
    rmSync(file, { force: true });
    const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${file}`];
    const { code } = await execute([...argv, ...reporters], { stdio: ['ignore', 'inherit', 'inherit'] });
    if (existsSync(file)) return outcomeOf(JSON.parse(readFileSync(file, 'utf8')) as VitestReport, code);
    if (code === 0) return { passed: 0, failed: 0, note: 'skipped, for the reason above' };
    return { passed: 0, failed: 1, note: `no report (exit ${code})` };
  };
  return { name, run };
}

/** Counts a report. A file that can't be read, and a run that fails with no test to blame, count as one failure each. */
export function outcomeOf(report: VitestReport, code: number): Outcome {
  const tests = report.testResults.flatMap(({ assertionResults }) => assertionResults);
  const count = (status: string): number => tests.filter((one) => one.status === status).length;
  const broken = report.testResults.filter(
    ({ status, assertionResults }) => status === 'failed' && assertionResults.every((one) => one.status !== 'failed'),
  );
  const failed = count('failed') + broken.length;
  const skipped = tests.length - count('passed') - count('failed');
  return {
    passed: count('passed'),
    failed: failed === 0 && code !== 0 ? 1 : failed,
    note: `${report.testResults.length} files${skipped > 0 ? `, ${skipped} skipped` : ''}`,
  };
}
