// Where the numbers of two trainings differ, bit by bit.
import type { Numbers } from './numbers.ts';

/** A sentence for each difference; steps that `saved` has not heard of are none. */
export function differences(saved: Numbers, here: Numbers): string[] {
  const steps = new Map(here.steps.map((step) => [step.update, step]));
  const unequal = saved.steps.find((step) => !same(step, steps.get(step.update)));
  return [
    ...(unequal ? [`Step ${unequal.update}: ${text(unequal)}, but ${text(steps.get(unequal.update))} here.`] : []),
    ...(['epochs', 'gradients', 'weights'] as const)
      .filter((name) => !same(saved[name], here[name]))
      .map((name) => `${name}: ${text(saved[name])}, but ${text(here[name])} here.`),
  ];
}

/** JSON keeps every bit of a finite number. */
function same(a: unknown, b: unknown): boolean {
  return text(a) === text(b);
}

function text(value: unknown): string {
  return JSON.stringify(value) ?? 'nothing';
}
