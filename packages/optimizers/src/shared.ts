// What every optimizer here shares: its learning rate and schedule, and equations over one parameter's elements.
import {
  data,
  defineOptimizer,
  defineOptions,
  type EquationModule,
  moduleOf,
  number,
  type Optimizer,
  type OptionFields,
} from '@unrolled/core';
import { type Schedule, scheduledRate, scheduleProblem } from './schedule.ts';

/** Options that every optimizer has. */
export interface RateOptions {
  /** Learning rate before the schedule. */
  readonly learningRate: number;
  /** How it changes with the updates. */
  readonly schedule: Schedule;
}

/** What an optimizer's author writes. */
export interface OptimizerDefinition<N extends string, O extends RateOptions> {
  /** The name that a manifest uses. */
  readonly name: N;
  /** Learning rate unless given. */
  readonly learningRate: number;
  /** Further options, all numbers or flags that the equations may name. */
  readonly options: Omit<OptionFields<O>, keyof RateOptions>;
  /** Elementwise, from `w[t-1]`, `g[t]`, `rate` and `t` to `w[t]`. */
  readonly equations: string | ((options: O) => string);
}

/** An optimizer from its equations. */
export function fromEquations<const N extends string, O extends RateOptions>(
  definition: OptimizerDefinition<N, O>,
): Optimizer<N, O> {
  const { name, equations } = definition;
  const options = defineOptions<O>({
    learningRate: number(definition.learningRate, 'Learning rate before the schedule', { minimum: 0 }),
    schedule: data<Schedule>({ kind: 'constant' }, 'How the learning rate changes with the updates', scheduleProblem),
    ...definition.options,
  } as OptionFields<O>);
  return defineOptimizer<N, O>({
    name,
    package: '@unrolled/optimizers',
    options,
    module: (given): EquationModule => moduleOf({ name, options, equations, parameters: {}, output: 'w' }, given),
    learningRate: ({ learningRate, schedule }, update, updates) =>
      scheduledRate(learningRate, schedule, update, updates),
  });
}
