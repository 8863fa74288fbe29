// npm test: every check of this repository that needs nothing but Node and npm.
import { writeDoctests } from './doctest/write.ts';
import { command, runSteps } from './testing/steps.ts';
import { vitest } from './testing/vitest.ts';

const tsx = ['node', '--import', 'tsx'];
const turbo = (task: string): string[] => ['turbo', 'run', task, '--output-logs=full', '--log-prefix=none'];

process.exit(
  await runSteps([
    // What needs one core each runs side by side.
    [
      [
        // The blocks of the documentation are part of what is type-checked and run.
        command('types', ['tsc', '-p', '.', '--pretty'], () => `with ${writeDoctests()} blocks of documentation`),
        command('types for pages', ['tsc', '-p', 'apps/browser-tests', '--pretty']),
        command('size', ['size-limit']),
      ],
      [
        command('lint', ['biome', 'check', '.', '--error-on-warnings', '--colors=off', '--diagnostic-level=warn']),
        command('exact maths', [...tsx, 'tooling/determinism/main.ts']),
        command('imports', [...tsx, 'tooling/imports/main.ts']),
        command('unused code', ['knip']),
      ],
    ],
    // One lane beside the tests, which use all cores: else cores would wait for the packages at the end.
    [
      [vitest('tests', ['vitest', 'run'])],
      [
        command('packed packages', turbo('packed')),
        command('outside project', turbo('outside')),
        command('reference', turbo('reference')),
      ],
    ],
  ]),
);
