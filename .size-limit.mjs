// What an app ships, bundled from source, minified, compressed: what computes with the wasm backend, beside core; and what of core
// loads a model and predicts with it. Part of npm test, where it keeps the sizes from growing unnoticed.
const bundled = {
  gzip: true,
  modifyEsbuildConfig: (config) => ({ ...config, conditions: ['@unrolled/source'], format: 'esm', target: 'es2022' }),
};

export default [
  {
    name: 'equations + wasm + backend-wasm',
    path: 'packages/backends/wasm/src/index.ts',
    import: '{ wasm }',
    ignore: ['@unrolled/core'],
    limit: '78 kB',
    ...bundled,
  },
  {
    name: 'core: load a model, predict, measure, generate',
    path: 'packages/core/src/index.ts',
    import: '{ loadModel }',
    limit: '28 kB',
    ...bundled,
  },
];
