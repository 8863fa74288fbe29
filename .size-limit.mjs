// What an app that computes with the wasm backend ships, beside core: bundled from source, minified, compressed. Part of npm
// test, where it keeps the size from growing unnoticed.
export default [
  {
    name: 'equations + wasm + backend-wasm',
    path: 'packages/backends/wasm/src/index.ts',
    import: '{ wasm }',
    ignore: ['@unrolled/core'],
    gzip: true,
    limit: '75 kB',
    modifyEsbuildConfig: (config) => ({ ...config, conditions: ['@unrolled/source'], format: 'esm', target: 'es2022' }),
  },
];
