// How many cores there are, in Node and in browsers.

/** Cores that this process may use. */
export function coresOf(): number {
  const { navigator, process } = globalThis as {
    readonly navigator?: { readonly hardwareConcurrency?: number };
    readonly process?: { readonly getBuiltinModule?: (name: 'os') => { readonly availableParallelism: () => number } };
  };
  return process?.getBuiltinModule?.('os').availableParallelism() ?? navigator?.hardwareConcurrency ?? 1;
}
