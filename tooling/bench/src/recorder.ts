// The backend under test as one that lets others see what a pipeline does with it.
import type { Backend, Compile, Executable, NetworkDescription } from '@unrolled/core';
import { ours } from '../ours.ts';

/** @param spy - gives the calls that take the place of those of an executable. */
export function recorder(spy: (executable: Executable, network: NetworkDescription) => Partial<Executable>): Backend {
  return {
    ...ours,
    name: 'recorder',
    compile: (options): Compile => {
      const compile = ours.compile(options);
      return async (network, settings) => {
        const executable = await compile(network, settings);
        const calls = spy(executable, network);
        return new Proxy(executable, {
          get: (target, name) => {
            if (name in calls) return Reflect.get(calls, name);
            const value = Reflect.get(target, name, target);
            return typeof value === 'function' ? value.bind(target) : value;
          },
        });
      };
    },
  };
}
