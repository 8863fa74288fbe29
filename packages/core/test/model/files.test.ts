// Small parts of saving: versions, differences, and what a host without files says.
import { readFileSync } from 'node:fs';
import { describe, expect, it, vi } from 'vitest';
import { canonicalJson } from '../../src/files/canonical-json.ts';
import { differences } from '../../src/model/differences.ts';
import { loadModel } from '../../src/model/load.ts';
import { nodeModules } from '../../src/node/builtin.ts';
import { VERSION } from '../../src/version.ts';

describe('the version that models record', () => {
  it('is the package’s', () => {
    const file = new URL('../../package.json', import.meta.url);
    expect(VERSION).toBe(JSON.parse(readFileSync(file, 'utf8')).version);
  });
});

describe('canonical JSON', () => {
  it('is that of RFC 8785', () => {
    // The sample of section 3.2.2, which section 3.2.3 writes as below.
    const sample = {
      numbers: [Number('333333333.33333329'), 1e30, 4.5, 2e-3, 1e-27],
      string: '€$\u000F\u000aA\'\u0042\u0022\u005c\\"/',
      literals: [null, true, false],
    };
    expect(canonicalJson(sample)).toBe(
      '{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],' +
        '"string":"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}',
    );
    expect(canonicalJson({ b: 1, a: { d: [], c: {} } })).toBe('{"a":{"c":{},"d":[]},"b":1}');
  });
});

describe('differences', () => {
  it('names each place with both values', () => {
    const before = { a: 1, b: { c: [1, { d: 'x' }], e: null }, f: [1] };
    const now = { a: 1, b: { c: [1, { d: 'y' }] }, f: [1, 2], g: true };
    expect(differences(before, now)).toEqual([
      'b.c[1].d was "x" and is now "y"',
      'b.e was null and is now undefined',
      'f was an array of 1 and is now an array of 2',
      'g was undefined and is now true',
    ]);
    expect(differences(before, structuredClone(before))).toEqual([]);
  });
});

describe('where there is no file system', () => {
  it('says so and what to do instead', async () => {
    vi.stubGlobal('process', undefined);
    try {
      expect(() => nodeModules('save', 'Use toFiles.')).toThrow(
        expect.objectContaining({
          code: 'NOT_IN_BROWSER',
          message: 'save needs a file system, and there is none here. Use toFiles.',
        }) as Error,
      );
    } finally {
      vi.unstubAllGlobals();
    }
  });

  it('takes an address for a URL', async () => {
    const address = 'http://127.0.0.1:1/model';
    await expect(loadModel(address, { plugins: [] })).rejects.toMatchObject({ code: 'MODEL_READ_FAILED' });
  });
});
