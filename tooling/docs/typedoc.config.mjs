// How the reference site is made of the public exports of every package. `--emit none` only checks: what is exported but
// not documented, and what links to nothing, is an error.
import { publicPackages } from '../source/workspace.ts';

/** @type {Partial<import('typedoc').TypeDocOptions>} */
export default {
  name: 'Unrolled',
  // One program for all packages; the strategy `packages` makes one for each and takes twenty times as long.
  entryPointStrategy: 'resolve',
  entryPoints: ['../../packages/*/src/index.ts', '../../packages/*/*/src/index.ts'],
  plugin: ['./packages.mjs'],
  tsconfig: 'tsconfig.json',
  // `npm test` checks types with the compiler that the packages are built with.
  skipErrorChecking: true,
  out: '../../docs/api',
  readme: '../../README.md',
  disableSources: true,
  excludeInternal: true,
  validation: {
    notExported: true,
    invalidLink: true,
    rewrittenLink: true,
    notDocumented: true,
    unusedMergeModuleWith: true,
  },
  packagesRequiringDocumentation: publicPackages().map(({ name }) => name),
  // Properties are judged by packages.mjs: those of an inline type are told by its own comment.
  requiredToBeDocumented: ['Variable', 'Function', 'Class', 'Interface', 'Method', 'Accessor', 'TypeAlias'],
  treatWarningsAsErrors: true,
  treatValidationWarningsAsErrors: true,
};
