// npm run new KIND NAME (or: pnpm new KIND NAME), for example: npm run new cell gru
// Starts a new plug-in as a copy of the smallest living one of its kind.
import { newPlugin } from './plugin.ts';

const [kind, name, ...rest] = process.argv.slice(2);
if (!kind || !name || rest.length > 0) {
  console.error('usage: npm run new KIND NAME, for example: npm run new cell gru');
  process.exit(2);
}
try {
  const { folder, template } = newPlugin(kind, name);
  console.log(`${folder} is a copy of ${template}. Next:`);
  console.log('  npm run pnpm install                 links it');
  console.log(`  edit ${folder}/src, README.md and the description in package.json`);
  console.log(`  npm run pnpm vitest run ${folder}`);
} catch (error) {
  console.error((error as Error).message);
  process.exit(1);
}
