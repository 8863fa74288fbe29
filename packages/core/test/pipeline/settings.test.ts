// Settings of a run: defaults, and every wrong one refused in a sentence before anything starts; early stopping.
import { describe, expect, it } from 'vitest';
import { memoryCheckpoints } from '../../src/model/checkpoint-store.ts';
import { afterEpoch, noEpochYet, shouldStop } from '../../src/pipeline/early-stopping.ts';
import { checkSettings, type EarlyStopping, type FitSettings, recordSettings } from '../../src/pipeline/settings.ts';

describe('settings', () => {
  it('have defaults, and are recorded as plain data', () => {
    const settings = checkSettings({ validation: [{ text: 'a', label: 'b' }], earlyStopping: {} });
    expect(recordSettings(settings)).toEqual({
      epochs: 5,
      batchSize: 32,
      seed: 1,
      emptyText: 'error',
      calibrate: false,
      validation: 'given',
      earlyStopping: { monitor: 'loss', patience: 1, minimumDelta: 0, restoreBest: true },
    });
  });

  const wrong: [FitSettings | Record<string, unknown>, string][] = [
    [{ epoch: 3 }, '"epoch" is not a setting of fit. Did you mean "epochs"?'],
    [{ epochs: 0 }, '"epochs" must be a whole number of at least 1, but 0 was given.'],
    [{ batchSize: 1.5 }, '"batchSize" must be a whole number of at least 1, but 1.5 was given.'],
    [{ seed: -1 }, '"seed" must be a whole number of at least 0, but -1 was given.'],
    [
      { seed: 2 ** 53 },
      '"seed" must be a whole number of at least 0 and at most 2^53 − 1, but 9007199254740992 was given.',
    ],
    [null as never, 'Settings of fit must be an object, but null was given.'],
    [
      { validation: 1 },
      '"validation" must be a share between 0 and 1 (neither included), or examples, but 1 was given.',
    ],
    [{ validation: 'some' }, '"validation" must be a share'],
    [{ classWeights: { a: 0 } }, '"classWeights.a" must be a number greater than 0, but 0 was given.'],
    [
      { earlyStopping: {} },
      '"earlyStopping" needs a validation part, but none was given. Add for example validation: 0.1.',
    ],
    [{ calibrate: true }, '"calibrate" needs a validation part'],
    [{ threshold: { tune: 'f1' } }, '"threshold.tune" needs a validation part'],
    [{ threshold: 1 }, '"threshold" must be a probability between 0 and 1 (neither included), but 1 was given.'],
    [{ threshold: { tune: 'recall' }, validation: 0.1 }, '"threshold.tune" must be one of accuracy, f1, but "recall"'],
    [{ emptyText: 'ignore' }, '"emptyText" must be one of error, skip, but "ignore" was given.'],
    [{ maximumLength: 0 }, '"maximumLength" must be a whole number of at least 1'],
    [{ resume: true }, 'resume: true goes on from the checkpoint in checkpoint.to, but no checkpoint was given.'],
    [{ checkpoint: { to: 3 } }, '"checkpoint.to" must be a checkpoint store or the path of a folder, but 3 was given.'],
    [
      { checkpoint: { to: memoryCheckpoints(), every: { updates: 0 } } },
      '"checkpoint.every.updates" must be a whole number of at least 1',
    ],
  ];
  it.each(wrong)('%j is refused', (settings, message) => {
    expect(() => checkSettings(settings as FitSettings)).toThrow(message);
    expect(() => checkSettings(settings as FitSettings)).toThrow(
      expect.objectContaining({ code: 'SETTING_INVALID' }) as Error,
    );
  });
});

describe('early stopping', () => {
  const stopAfter = (given: EarlyStopping, values: number[]) => {
    const settings = { monitor: 'loss', patience: 1, minimumDelta: 0, restoreBest: true, ...given } as const;
    let record = noEpochYet;
    for (const [index, value] of values.entries()) {
      record = afterEpoch(record, index + 1, { loss: value, accuracy: value }, settings);
      if (shouldStop(record, settings)) return { stopped: index + 1, best: record.bestEpoch };
    }
    return { stopped: undefined, best: record.bestEpoch };
  };

  it('stops when nothing got better for as long as its patience', () => {
    expect(stopAfter({}, [3, 2, 2.5, 1])).toEqual({ stopped: 3, best: 2 });
    expect(stopAfter({ patience: 2 }, [3, 2, 2.5, 1, 1.5, 1.2])).toEqual({ stopped: 6, best: 4 });
    expect(stopAfter({ patience: 2 }, [3, 2, 1])).toEqual({ stopped: undefined, best: 3 });
  });

  it('asks for a smallest change, and lets accuracy rise', () => {
    expect(stopAfter({ minimumDelta: 0.5 }, [3, 2.6, 2])).toEqual({ stopped: 2, best: 1 });
    expect(stopAfter({ monitor: 'accuracy' }, [0.5, 0.6, 0.6])).toEqual({ stopped: 3, best: 2 });
  });

  it('never takes a loss that is not a number for better', () => {
    expect(stopAfter({}, [1, Number.NaN])).toEqual({ stopped: 2, best: 1 });
  });
});
