// npm run test:browser: the tests of apps/browser-tests, in Chromium.
import { existsSync } from 'node:fs';
import { chromium } from '../apps/browser-tests/chromium.ts';
import { runSteps } from './testing/steps.ts';
import { vitest } from './testing/vitest.ts';

if (!existsSync(chromium)) {
  console.log(`skipped: there is no Chromium at ${chromium}. Install it (Debian, Ubuntu: apt-get install chromium),`);
  console.log('or say where it is: CHROMIUM=/path/to/chromium npm run test:browser');
  console.log('0 passed, 0 failed');
  process.exit(0);
}
process.exit(await runSteps([vitest('browser', ['vitest', 'run', '--config', 'apps/browser-tests/vitest.config.ts'])]));
