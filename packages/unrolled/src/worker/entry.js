// The worker's script inside this workspace, from source. A published package has in this place what entry.ts is bundled to
// (tooling/packed/bundle-workers.ts), as openWorker must name one file that is there before and after the build.
const modules = globalThis.process?.getBuiltinModule?.('node:module');
if (modules) {
  // Node: TypeScript, then the packages' source. Flags of the process, where it has them, don't reach its workers' loaders.
  const tsx = 'tsx/esm/api';
  (await import(/* @vite-ignore */ tsx)).register();
  const resolve = (specifier, context, next) =>
    next(specifier, { ...context, conditions: [...context.conditions, '@unrolled/source'] });
  modules.register(`data:text/javascript,${encodeURIComponent(`export const resolve = ${resolve}`)}`);
}
await import('./entry.ts');
