/// <reference types="node" />
// Bundles the page with Vite, which must find the worker's script and put it beside the page, and no plug-in into the page.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { build } from 'vite';

writeFileSync('index.html', '<!doctype html><script type="module" src="./out/page.js"></script>');
await build({ configFile: false, logLevel: 'warn', build: { outDir: 'site', target: 'es2022' } });
const texts = readdirSync('site/assets').map((name) => [name, readFileSync(`site/assets/${name}`, 'utf8')] as const);
const [page, worker] = ['index', 'entry'].map((start) => texts.find(([name]) => name.startsWith(start)));
if (!page || !worker) throw new Error(`Vite wrote ${texts.map(([name]) => name).join(', ')}`);
const cell = 'Hochreiter';
if (page[1].includes(cell) || !worker[1].includes(cell)) throw new Error('the cells must be in the worker alone');
if (!page[1].includes(worker[0])) throw new Error(`the page does not name ${worker[0]}`);
console.log(`bundled by Vite: a page of ${page[1].length} characters, a worker of ${worker[1].length}`);
