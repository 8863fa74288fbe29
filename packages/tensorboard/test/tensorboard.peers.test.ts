// TensorBoard itself shows what is written: the program is started, and asked as its pages ask it, with either of its readers.
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Progress } from '@unrolled/core';
import { runPython } from '@unrolled/peers';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { tensorBoard } from '../src/index.ts';
import { newPipeline, settings, texts } from './small-run.ts';

const script = `
import json, time, urllib.parse, urllib.request
from tensorboard import program

def main(input):
    board = program.TensorBoard()
    options = {"logdir": input["folder"], "load_fast": input["fast"], "port": 0, "reload_interval": 1}
    board.configure(argv=["tensorboard", *(f"--{name}={value}" for name, value in options.items())])
    address = urllib.parse.urljoin(board.launch(), "data/plugin/scalars/")

    def ask(path, **query):
        with urllib.request.urlopen(f"{address}{path}?{urllib.parse.urlencode(query)}", timeout=30) as answer:
            return json.load(answer)

    for _ in range(600):
        tags = ask("tags")
        if {"train", "validation"} <= tags.keys():
            break
        time.sleep(0.1)
    return {
        run: {tag: [[step, value] for _, step, value in ask("scalars", run=run, tag=tag)] for tag in found}
        for run, found in tags.items()
    }
`;

/** Points by tag. */
type Points = Readonly<Record<string, readonly (readonly [step: number, value: number])[]>>;

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'unrolled-tensorboard-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const rounded = (points: readonly (readonly [number, number | undefined])[]) =>
  points.map(([step, value]) => [step, Math.fround(value as number)]);

describe.each([
  ['its data server', 'true'],
  ['its reader in Python', 'false'],
])('TensorBoard with %s', (_, fast) => {
  const shown = (logs: string) =>
    runPython<{ readonly train: Points; readonly validation: Points }>(script, { folder: logs, fast });

  it('shows the history of a run', async () => {
    const { epochs } = await tensorBoard(newPipeline().fit(texts, settings), folder);
    const { train, validation } = await shown(folder);
    for (const measure of ['loss', 'accuracy', 'gradientNorm', 'learningRate', 'seconds'] as const)
      expect(train[`epoch/${measure}`]).toEqual(rounded(epochs.map((epoch) => [epoch.epoch * 4, epoch[measure]])));
    for (const measure of ['loss', 'accuracy'] as const)
      expect(validation[`epoch/${measure}`]).toEqual(
        rounded(epochs.map((epoch) => [epoch.epoch * 4, epoch.validation?.[measure]])),
      );
    expect(train['update/loss']?.map(([step]) => step)).toEqual([1, 11]);
  });

  it('shows a run that was killed and goes on from an earlier checkpoint as one', async () => {
    const [logs, checkpoint, earlier] = ['logs', 'checkpoint', 'earlier'].map((name) => join(folder, name)) as [
      string,
      string,
      string,
    ];
    const kept: Progress[] = [];
    const begun = newPipeline().fit(texts, { ...settings, checkpoint: { to: checkpoint } });
    for await (const progress of tensorBoard(begun, logs, { every: 1 })) {
      if (progress.update <= 4) kept.push(progress);
      if (progress.update === 4) cpSync(checkpoint, earlier, { recursive: true });
      if (progress.update === 9) break;
    }
    const resumed = newPipeline().fit(texts, { ...settings, resume: earlier });
    for await (const progress of tensorBoard(resumed, logs, { every: 1 })) kept.push(progress);
    const { train, validation } = await shown(logs);
    const updates = Array.from({ length: 12 }, (_, i) => i + 1);
    expect(kept.map(({ update }) => update)).toEqual(updates);
    for (const measure of ['loss', 'gradientNorm', 'examplesPerSecond'] as const)
      expect(train[`update/${measure}`]).toEqual(rounded(kept.map((each) => [each.update, each[measure]])));
    expect(validation['epoch/loss']).toEqual(
      rounded(kept.flatMap(({ update, ended }) => (ended ? [[update, ended.validation?.loss] as const] : []))),
    );
  });
});
