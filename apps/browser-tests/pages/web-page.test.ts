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
const stepNumber = async (page: Page) => Number(/step (\d+)/.exec((await page.textContent('#step')) ?? '')?.[1] ?? 0);

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
    await page.waitForFunction(() => /step \d\d/.test(document.getElementById('step')?.textContent ?? ''));
    await page.click('#pause');
    await phase(page, 'paused');
    const resting = await stepNumber(page);
    expect(resting).toBeLessThan(100);
    expect(await ask(page, 'A warm, funny and moving film')).toMatch(/(posi|nega)tive, \d+\.\d% sure; it knows 6 of 6/);
    const middle = await saved(page);
    expect(middle.steps.at(-1)?.update).toBe(resting);
    await page.click('#resume');
    await phase(page, 'ended');
    const whole = await saved(page);
    expect(await page.locator('#epoch-rows tr').count()).toBe(2);
    expect(await page.locator('#gradient-chart path').count()).toBeGreaterThan(1);
    expect(await page.locator('#loss-chart path').count()).toBe(1);

    const all = await movieReviewsTrain();
    const node = await trainHere(settings, all);
    expect(whole.settings).toEqual(settings);
    expect(whole.steps.length).toBeGreaterThan(20);
    expect(whole.steps.at(-1)?.update).toBe(node.steps.at(-1)?.update);
    expect(differences(whole, node)).toEqual([]);
    expect(differences(middle, await trainHere(settings, all, { until: resting }))).toEqual([]);
  });
});
