// Learning-rate schedules against torch.optim.lr_scheduler, with and without warm-up.
import { scheduleCases } from '@unrolled/goldens';
import { expect, test } from 'vitest';
import { type Schedule, scheduledRate } from '../src/index.ts';

test.each(scheduleCases().map((golden) => [golden.name, golden] as const))('%s', (_, golden) => {
  const schedule = golden.schedule as unknown as Schedule;
  golden.rates.forEach((rate, update) => {
    expect(scheduledRate(golden.first, schedule, update, golden.updates), `update ${update}`).toBeCloseTo(rate, 14);
  });
});
