/// <reference types="node" />
// The command `unrolled` as npm installs it: from a table to an answer, with a plug-in of this project's own.
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';

const taste = ['superb', 'a joy', 'gripping'].flatMap((good, i) => [
  `the film is ${good},positive`,
  `the film is ${['awful', 'a mess', 'dull'][i]},negative`,
]);
writeFileSync('taste.csv', `text,label\n${[...taste, ...taste, ...taste].join('\n')}\n`);

const unrolled = (...argv: string[]) => {
  const options = { encoding: 'utf8', shell: process.platform === 'win32' } as const;
  return execFileSync('node_modules/.bin/unrolled', argv, options);
};
unrolled('train', 'taste.csv', '--epochs', '20', '--batch-size', '4', '--units', '8', '--quiet');
const answer = JSON.parse(unrolled('predict', 'model', '--text', 'superb'));
if (answer.label !== 'positive') throw new Error(`"superb" was labelled ${answer.label}`);

writeFileSync(
  'third.mjs',
  `import { defineTokenizer, defineOptions } from '@unrolled/core';
   export const third = defineTokenizer({
     name: 'third', package: 'third', options: defineOptions({}),
     create: () => ({ tokenize: (text) => [...text.matchAll(/.{1,3}/gs)].map(({ 0: text, index }) => ({ text, start: index, end: index + text.length })) }),
   });`,
);
const env = JSON.parse(unrolled('env', '--json', '--plugin', './third.mjs'));
if (!env.plugins.tokenizer.includes('third')) throw new Error('the plug-in of this project is not there');
console.log(`unrolled ${env.version} of npm: "superb" is ${answer.label} (${answer.probability.toFixed(3)})`);
