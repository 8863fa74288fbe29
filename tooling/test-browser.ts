// npm run test:browser: the tests of apps/browser-tests, in Chromium: from source, and with the packages as they are built.
import { existsSync } from 'node:fs';
import { chromium } from '../apps/browser-tests/chromium.ts';
import { command, runSteps } from './testing/steps.ts';
import { vitest } from './testing/vitest.ts';

if (!existsSync(chromium)) {
  console.log(`skipped: there is no Chromium at ${chromium}. Install it (Debian, Ubuntu: apt-get install chromium),`);
  console.log('or say where it is: CHROMIUM=/path/to/chromium npm run test:browser');
  console.log('0 passed, 0 failed');
  process.exit(0);
}
process.exit(
  await runSteps([
    vitest('browser', ['vitest', 'run', '--config', 'apps/browser-tests/vitest.config.ts']),
    command('build', ['turbo', 'run', 'build', '--output-logs=full', '--log-prefix=none']),
    vitest('pages', ['vitest', 'run', '--config', 'apps/browser-tests/pages.config.ts']),
  ]),
);
