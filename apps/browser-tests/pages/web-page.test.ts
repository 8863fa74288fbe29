// apps/examples/web-page as its visitors have it: built, in Chromium, with and without SharedArrayBuffer. Its numbers are Node's.
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { movieReviewsTrain } from '@unrolled/dataset-movie-reviews';
import { defaults, differences, type Numbers, type Settings, trainHere } from '@unrolled/example-web-page/training';
import { type Browser, chromium as engine, type Page } from 'playwright';
import { build } from 'vite';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { chromium } from '../chromium.ts';
import { isolation, type Served, serve } from './serve.ts';

const home = dirname(fileURLToPath(import.meta.resolve('@unrolled/example-web-page/package.json')));
let browser: Browser;
let folder: string;

beforeAll(async () => {
  browser = await engine.launch({ executablePath: chromium, args: ['--no-sandbox'] });
  folder = await mkdtemp(join(tmpdir(), 'unrolled-web-page-'));
  await build({ configFile: join(home, 'vite.config.ts'), logLevel: 'error', build: { outDir: folder } });
});
afterAll(async () => {
  await browser?.close();
  await rm(folder, { recursive: true });
});

const phase = (page: Page, name: string) => page.locator(`#phase[data-phase="${name}"]`).waitFor();
/** Waits until the page shows a step past the tenth. */
const someSteps = (page: Page) =>
  page.waitForFunction(() => /step \d\d/.test(document.getElementById('step')?.textContent ?? ''));
/** What the page trains on where the test is not about numbers. */
const small = { reviews: 1000, units: 8 };

/** Fills the form and presses Start. */
async function start(page: Page, settings: Partial<Record<keyof Settings, unknown>>): Promise<void> {
  for (const [field, value] of Object.entries(settings)) {
    if (field === 'cell' || field === 'pool') await page.selectOption(`#${field}`, String(value));
    else await page.fill(`#${field}`, String(value));
  }
  await page.click('#start');
}

/** The file that the page saves. */
async function saved(page: Page): Promise<Numbers> {
  const [download] = await Promise.all([page.waitForEvent('download'), page.click('#save')]);
  return JSON.parse(await readFile(await download.path(), 'utf8'));
}

/** What the page answers to a sentence, whether it can or not. */
async function ask(page: Page, sentence: string): Promise<string> {
  await page.fill('#sentence', sentence);
  await page.click('#classify button');
  const answer = page.locator('#answer:not(:empty), #no-answer:not([hidden]):not(:empty)');
  await answer.waitFor();
  return (await answer.textContent()) ?? '';
}

describe.each([
  ['with SharedArrayBuffer', isolation, /on up to [2-4] threads/],
  ['without SharedArrayBuffer', {}, /on 1 thread:.*Cross-Origin-Opener-Policy/],
])('the page, %s', (_, headers, threads) => {
  let server: Served;
  let page: Page;
  let errors: string[];

  beforeAll(async () => {
    server = await serve([folder], headers);
  });
  afterAll(() => server.close());
  beforeEach(async () => {
    errors = [];
    page = await browser.newPage();
    page.on('pageerror', (error) => errors.push(error.message));
    page.on('console', (message) => message.type() === 'error' && errors.push(message.text()));
    await page.goto(`${server.origin}/index.html`);
  });
  afterEach(async () => {
    await page.close();
    expect(errors).toEqual([]);
  });

  it('says how many threads it uses', async () => {
    expect(await page.evaluate(() => typeof SharedArrayBuffer !== 'undefined')).toBe(headers === isolation);
    expect(await page.textContent('#threads')).toMatch(threads);
  });

  it.each(['vanilla-small', 'lstm'] as const)('trains %s, pauses, goes on, and ends in Node’s bits', async (cell) => {
    const settings: Settings = { ...defaults, cell, units: 32, reviews: 2000, epochs: 2, seed: 7 };
    await start(page, settings);
    await someSteps(page);
    // The workers of the pool have their program from a blob.
    const pool = page.workers().filter((worker) => worker.url().startsWith('blob:'));
    expect(pool.length > 0).toBe(headers === isolation);
    await page.evaluate(() => document.getElementById('pause')?.click()); // at once, whatever the machine's speed
    await phase(page, 'paused');
    expect(await ask(page, 'A warm, funny and moving film')).toMatch(/(posi|nega)tive, \d+\.\d% sure; it knows 6 of 6/);
    const middle = await saved(page);
    const resting = middle.steps.at(-1)?.update as number;
    await page.click('#resume');
    await phase(page, 'ended');
    const whole = await saved(page);
    expect(await page.locator('#epoch-rows tr').count()).toBe(2);
    expect(await page.locator('#gradient-chart path').count()).toBeGreaterThan(1);
    expect(await page.locator('#loss-chart path').count()).toBe(1);

    const all = await movieReviewsTrain();
    const node = await trainHere(settings, all);
    expect(resting).toBeLessThan(node.steps.length);
    expect(whole.settings).toEqual(settings);
    expect(whole.steps.length).toBeGreaterThan(20);
    expect(whole.steps.at(-1)?.update).toBe(node.steps.at(-1)?.update);
    expect(differences(whole, node)).toEqual([]);
    expect(differences(middle, await trainHere(settings, all, { until: resting }))).toEqual([]);
  });

  it('answers while it trains, stops, and begins anew', async () => {
    await start(page, { ...small, epochs: 50 });
    await someSteps(page);
    expect(await ask(page, 'A dull and tired film')).toMatch(/tive, \d+\.\d% sure; it knows 5 of 5 words/);
    expect(await page.locator('#phase').getAttribute('data-phase')).toBe('training');
    expect(await page.isDisabled('#units')).toBe(true);
    await page.click('#stop');
    await phase(page, 'ended');
    await start(page, { ...small, epochs: 1 });
    await phase(page, 'ended');
    expect((await saved(page)).epochs).toHaveLength(1);
    expect(await page.locator('#epoch-rows tr').count()).toBe(1);
  });

  it('says what is wrong with a sentence', async () => {
    expect(await ask(page, 'A dull film')).toContain('Press Start');
    await start(page, { ...small, epochs: 1 });
    await phase(page, 'ended');
    expect(await ask(page, '  ')).toContain('There is no sentence yet');
    expect(await ask(page, 'xyzzy plugh')).toContain('none of these words');
    expect(await ask(page, '!?')).toContain('no word in this sentence');
  });

  it('says what is wrong with settings, and takes them when they are mended', async () => {
    await start(page, { ...small, units: '1e9', learningRate: -3, epochs: 1 });
    expect(await page.textContent('#units-fault')).toBe('Give a whole number from 1 to 512, not 1e9.');
    expect(await page.textContent('#learningRate-fault')).toContain('above 0 and at most 1');
    expect(await page.getAttribute('#units', 'aria-describedby')).toBe('units-fault');
    expect(await page.evaluate(() => document.activeElement?.id)).toBe('units');
    expect(await page.locator('#phase').getAttribute('data-phase')).toBe('ready');
    await start(page, { units: 8, learningRate: 0.01 });
    await phase(page, 'ended');
    expect(await page.locator('.fault:visible').count()).toBe(0);
  });

  it('says that the reviews can’t be read, and tries again', async () => {
    await page.route('**/*.tsv', (route) => route.abort());
    await start(page, { ...small, epochs: 1 });
    await phase(page, 'failed');
    expect(await page.textContent('#failure')).toContain('could not be read');
    await page.unroute('**/*.tsv');
    await page.click('#start');
    await phase(page, 'ended');
    expect(await page.isHidden('#failure')).toBe(true);
    errors = errors.filter((message) => !message.includes('ERR_FAILED')); // Chromium's own line
  });

  it('works by keyboard alone', async () => {
    await page.focus('#units');
    await page.keyboard.press('ControlOrMeta+A');
    await page.keyboard.type('8');
    await page.fill('#reviews', '500');
    await page.focus('#units');
    await page.keyboard.press('Enter');
    await phase(page, 'ended');
    await page.focus('#sentence');
    await page.keyboard.type('A moving film');
    await page.keyboard.press('Enter');
    await page.locator('#answer:not(:empty)').waitFor();
  });
});
