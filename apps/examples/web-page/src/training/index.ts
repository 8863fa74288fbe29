// What programs and tests outside this page use: the same training without the page.
export { differences } from './differences.ts';
export type { Numbers } from './numbers.ts';
export { readNumbers } from './read-numbers.ts';
export { defaults, type Settings } from './settings.ts';
export { trainHere } from './train-here.ts';
