// The runner of Python scripts: what goes in comes out, and what goes wrong is told.
import { describe, expect, it } from 'vitest';
import { runPython } from '../src/index.ts';

describe('runPython', () => {
  it('passes JSON both ways and keeps what the script prints out of it', async () => {
    const input = { numbers: [0.1, -1e300], text: 'São João 日本', nothing: null };
    const output = await runPython('def main(input):\n  print("chatter")\n  return [input, 1 / 3]', input);
    expect(output).toEqual([input, 1 / 3]);
  });

  it('takes megabytes', async () => {
    const numbers = Array.from({ length: 300_000 }, (_, i) => i / 7);
    expect(await runPython('def main(input): return sum(input)', numbers)).toBeCloseTo(
      numbers.reduce((sum, number) => sum + number, 0),
      3,
    );
  });

  it('shows the traceback of a script that fails', async () => {
    const failing = runPython('def main(input): raise ValueError("no such thing")', null);
    await expect(failing).rejects.toThrow(/ended with 1[\s\S]*line 1[\s\S]*no such thing/);
  });

  it('refuses numbers that JSON lacks', async () => {
    await expect(runPython('def main(input): return float("nan")', null)).rejects.toThrow(/JSON compliant/);
  });

  it('ends a script that takes too long', async () => {
    const slow = runPython('import time\ndef main(input): time.sleep(60)', null, { timeoutSeconds: 1 });
    await expect(slow).rejects.toThrow('more than 1 s');
  });

  it('has the libraries that it pins, without a GPU', async () => {
    const versions = await runPython<Record<string, string | boolean>>(
      `import keras, numpy, sklearn, tensorflow, torch
def main(input):
    return {m.__name__: m.__version__.split("+")[0] for m in [keras, numpy, sklearn, tensorflow, torch]} | {
        "gpu": torch.cuda.is_available() or bool(tensorflow.config.list_physical_devices("GPU"))
    }`,
      null,
    );
    const { readFileSync } = await import('node:fs');
    const pins = readFileSync(new URL('../requirements.txt', import.meta.url), 'utf8');
    expect(versions.gpu).toBe(false);
    for (const name of ['keras', 'numpy', 'tensorflow', 'torch']) expect(pins).toContain(`==${versions[name]}`);
    expect(pins).toContain(`scikit-learn==${versions.sklearn}`);
  });
});
