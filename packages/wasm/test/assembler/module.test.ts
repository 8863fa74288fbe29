// Modules run as written, and wabt reads both their forms as the same module.
import { isUnrolledError } from '@unrolled/core';
import { describe, expect, test } from 'vitest';
import { F32, F32x4, F64, F64x2, I32, I32x4, I64, ModuleBuilder } from '../../src/index.ts';
import { expectSame } from './same.ts';

function instantiate(module: ModuleBuilder, imports: WebAssembly.Imports = {}): Record<string, any> {
  return new WebAssembly.Instance(new WebAssembly.Module(module.toBinary()), imports).exports;
}

/** A function of every scalar kind, a loop, calls, a global. */
function scalars(): ModuleBuilder {
  const module = new ModuleBuilder({ memory: { minimum: 1, maximum: 2, export: 'memory' } });
  const calls = module.global('calls', I32.const(-5));
  const log = module.import('host', 'log', { value: F64 });
  const ask = module.import('host', 'ask', { value: I32 }, F32);
  const square = module.function('square', { x: F32 }, (f, { x }) => {
    f.set(calls, calls.add(1));
    return x.mul(x);
  });
  module.export(
    module.function('sum_of_squares', { from: I32, count: I32 }, (f, { from, count }) => {
      const sum = f.let('sum', F64.const(0));
      f.for('i', 0, count, 1, (i) => {
        f.set(sum, sum.add(square({ x: F32.load(from.add(i.shl(2))) }).toF64()));
      });
      f.run(log({ value: sum }));
      f.if(
        count.gtS(3),
        () => f.return(sum.toF32()),
        () => f.run(ask({ value: count })),
      );
      return ask({ value: 7 }).add(sum.toF32().neg());
    }),
  );
  module.export(
    module.function('read_calls', {}, () => calls),
    'count_of_calls',
  );
  module.export(
    module.function('collatz', { n: I64 }, (f, { n }) => {
      const steps = f.let('steps', I32.const(0));
      f.block('done', (done) => {
        f.loop('step', (step) => {
          done.goIf(n.eq(1));
          f.set(steps, steps.add(1));
          f.if(
            n.and(1).toI32(),
            () => f.set(n, n.mul(3).add(1)),
            () => f.set(n, n.shrU(1)),
          );
          step.go();
        });
      });
      return steps;
    }),
  );
  return module;
}

describe('a module', () => {
  test('of scalars, loops, calls, imports and globals runs as written', async () => {
    const module = scalars();
    await expectSame(module);
    const logged: number[] = [];
    const host = { log: (value: number) => logged.push(value), ask: (value: number) => value / 2 };
    const { memory, sum_of_squares, count_of_calls, collatz } = instantiate(module, { host });
    new Float32Array(memory.buffer).set([1, 2, 3, 4, 5], 4);
    expect(sum_of_squares(16, 5)).toBe(55);
    expect(sum_of_squares(16, 2)).toBe(3.5 - 5);
    expect(sum_of_squares(16, 0)).toBe(3.5);
    expect(logged).toEqual([55, 5, 0]);
    expect(count_of_calls()).toBe(-5 + 7);
    expect(collatz(27n)).toBe(111);
  });

  test('makes a constant vector once for all loops, before them', async () => {
    const module = new ModuleBuilder();
    module.export(
      module.function('run', { count: I32 }, (f, { count }) => {
        const sum = f.let('sum', F32x4.const(0.25));
        f.for('i', 0, count, 1, () => {
          f.for('j', 0, 2, 1, () => f.set(sum, sum.add(0.5)));
          f.if(sum.lt(-0).any(), () => f.set(sum, sum.sub(0.5).bits().or(5).asF32x4()));
          f.set(sum, sum.add(0));
        });
        return sum.lane(2);
      }),
    );
    await expectSame(module);
    expect((instantiate(module).run as (count: number) => number)(3)).toBe(3.25);
    const [before = '', ...loops] = module.toText().split('(loop');
    const constants = (text: string): string[] => text.match(/v128.const [^)]*/g) ?? [];
    const four = (shape: string, lane: string): string => `v128.const ${shape} ${new Array(4).fill(lane).join(' ')}`;
    const moved = [four('f32x4', '0.5'), four('f32x4', '-0'), four('i32x4', '5')];
    expect(constants(before)).toEqual([...moved, four('f32x4', '0.25')]);
    expect(loops.flatMap(constants)).toEqual([four('f32x4', '0')]);
  });

  test('interleaves bodies of any lengths, a statement of each in turn', async () => {
    const module = new ModuleBuilder();
    module.export(
      module.function('run', { x: I32 }, (f, { x }) => {
        const [a, b] = [f.local('a', I32), f.local('b', I32)];
        f.interleave([]);
        f.interleave([
          () => {
            f.set(a, x.mul(2));
            f.set(a, a.add(1));
          },
          () => f.if(x, () => f.set(b, x.mul(10))),
          () => {},
        ]);
        return a.add(b);
      }),
    );
    await expectSame(module);
    const run = instantiate(module).run as (x: number) => number;
    expect([run(0), run(3)]).toEqual([1, 37]);
    const order = ['i32.mul (local.get $x) (i32.const 2)', 'if', 'i32.add (local.get $a) (i32.const 1)'];
    const places = order.map((part) => module.toText().indexOf(`(${part}`));
    expect(places.every((place, i) => place > (places[i - 1] ?? 0))).toBe(true);
  });

  test('is seen by any names, of nothing but a memory too', async () => {
    const module = new ModuleBuilder({ memory: { minimum: 0, export: 'Gedächtnis "1"\n\\' } });
    await expectSame(module);
    expect(Object.keys(instantiate(module))).toEqual(['Gedächtnis "1"\n\\']);
  });

  test('prints itself as text that reads well', () => {
    const module = new ModuleBuilder({ memory: { minimum: 1, import: { module: 'env', name: 'memory' } } });
    module.export(
      module.function('axpy', { a: F32, x: I32, y: I32, count: I32 }, (f, { a, x, y, count }) => {
        const wide = f.let('wide', a.splat());
        f.for('at', 0, count.shl(2), 16, (at) => {
          f.store(
            y.add(at),
            F32x4.load(x.add(at))
              .mul(wide)
              .add(F32x4.load(y.add(at))),
          );
        });
      }),
    );
    expect(module.toText()).toMatchInlineSnapshot(`
      "(module
        (import "env" "memory" (memory 1))
        (export "axpy" (func $axpy))
        (func $axpy (param $a f32) (param $x i32) (param $y i32) (param $count i32)
          (local $wide v128)
          (local $at i32)
          (local $at_end i32)
          (local.set $wide (f32x4.splat (local.get $a)))
          (local.set $at (i32.const 0))
          (local.set $at_end (i32.shl (local.get $count) (i32.const 2)))
          (if $if
            (i32.lt_u (local.get $at) (local.get $at_end))
            (then
              (loop $while
                (v128.store
                  (i32.add (local.get $y) (local.get $at))
                  (f32x4.add
                    (f32x4.mul (v128.load (i32.add (local.get $x) (local.get $at))) (local.get $wide))
                    (v128.load (i32.add (local.get $y) (local.get $at)))))
                (local.set $at (i32.add (local.get $at) (i32.const 16)))
                (br_if $while (i32.lt_u (local.get $at) (local.get $at_end))))))))
      "
    `);
  });
});

/** One function for every operation: applied to values of memory at fixed places, its result stored at 64. */
type Make = () => I32 | I64 | F32 | F64 | F32x4 | F64x2 | I32x4;
const at = (address: number): I32 => I32.const(address);
const i = (): I32 => I32.load(at(0));
const j = (): I32 => I32.load(at(4));
const k = (): I64 => I64.load(at(8));
const x = (): F32 => F32.load(at(16));
const y = (): F32 => F32.load(at(20));
const d = (): F64 => F64.load(at(24));
const w = (): F32x4 => F32x4.load(at(32));
const p = (): F64x2 => F64x2.load(at(16));
const m = (): I32x4 => I32x4.load(at(0));

const I = -7;
const J = 3;
const K = 0x1_0000_0005n;
const [X, Y] = [Math.fround(-2.6), 1.5];
const D = 2.25;
const W = [3, -0.5, 8, Math.fround(0.1)];

const integer: Record<string, [Make, number]> = {
  add: [() => i().add(j()), -4],
  sub: [() => i().sub(j()), -10],
  mul: [() => i().mul(j()), -21],
  eq: [() => i().eq(j()), 0],
  ne: [() => i().ne(j()), 1],
  divS: [() => i().divS(j()), -2],
  divU: [() => i().divU(j()), 1431655763],
  remS: [() => i().remS(j()), -1],
  remU: [() => i().remU(j()), 0],
  and: [() => i().and(j()), 1],
  or: [() => i().or(j()), -5],
  xor: [() => i().xor(j()), -6],
  shl: [() => i().shl(j()), -56],
  shrS: [() => i().shrS(1), -4],
  shrU: [() => i().shrU(1), 0x7ffffffc],
  eqz: [() => i().eqz(), 0],
  ltS: [() => i().ltS(j()), 1],
  ltU: [() => i().ltU(j()), 0],
  gtS: [() => i().gtS(j()), 0],
  gtU: [() => i().gtU(j()), 1],
  leS: [() => i().leS(j()), 1],
  leU: [() => i().leU(j()), 0],
  geS: [() => i().geS(j()), 0],
  geU: [() => i().geU(j()), 1],
  byte: [() => I32.loadByte(at(0)), 0xf9],
  select: [() => j().select(i(), I32.const(9)), I],
  'lane of bits': [() => m().lane(1), J],
  any: [() => m().any(), 1],
  'from float': [() => x().toI32(), -2],
  'low half': [() => k().toI32(), 5],
  'of 64 bits, eqz': [() => k().eqz(), 0],
};
const floating: Record<string, [Make, number]> = {
  add: [() => x().add(y()), Math.fround(X + Y)],
  div: [() => x().div(y()), Math.fround(X / Y)],
  min: [() => x().min(y()), X],
  max: [() => x().max(y()), Y],
  abs: [() => x().abs(), -X],
  neg: [() => x().neg(), -X],
  sqrt: [() => y().sqrt(), Math.fround(Math.sqrt(Y))],
  ceil: [() => x().ceil(), -2],
  floor: [() => x().floor(), -3],
  trunc: [() => x().trunc(), -2],
  nearest: [() => x().nearest(), -3],
  'from integer': [() => i().toF32(), I],
  'through bits': [() => x().asI32().asF32(), X],
  rounded: [() => d().toF32(), D],
  lane: [() => w().lane(2), 8],
  constant: [() => F32.const(0.1), Math.fround(0.1)],
};
const doubles: Record<string, [Make, number]> = {
  promoted: [() => x().toF64(), X],
  'from integer': [() => i().toF64(), I],
  'from 64 bits': [() => k().toF64(), Number(K)],
  'from 32 bits': [() => i().toI64U().toF64(), 2 ** 32 + I],
  lane: [() => d().splat().mul(3).lane(1), 3 * D],
  'bits and masks': [() => p().gt(0).select(p(), F64x2.const(-1)).lane(1), D],
  'promoted lane': [() => w().promoteLow().lane(1), -0.5],
  sqrt: [() => d().sqrt(), 1.5],
  infinite: [() => F64.const(-Infinity), -Infinity],
  'not a number': [() => F64.const(NaN), NaN],
  'minus zero': [() => F64.const(-0), -0],
  'loops of bits': [() => p().bits().asF64x2().lane(1), D],
};
const lanes: Record<string, [Make, number[]]> = {
  add: [() => w().add(1), [4, 0.5, 9, Math.fround(1.1)]],
  pmin: [() => w().pmin(2), [2, -0.5, 2, Math.fround(0.1)]],
  pmax: [() => w().pmax(2), [3, 2, 8, 2]],
  shuffle: [() => w().shuffle(w(), 3, 2, 5, 0), [Math.fround(0.1), 8, -0.5, 3]],
  select: [() => w().lt(1).select(w(), F32x4.const(0)), [0, -0.5, 0, Math.fround(0.1)]],
  'and not': [() => w().bits().andNot(w().ge(1)).asF32x4(), [0, -0.5, 0, Math.fround(0.1)]],
  'mask or mask': [() => w().gt(5).or(w().le(-0.5)).select(F32x4.const(1), F32x4.const(0)), [0, 1, 1, 0]],
  'integer lanes': [() => w().bits().shrU(31).add(1).mul(3).sub(1).toF32x4(), [2, 5, 2, 2]],
  'integer masks': [() => w().bits().ltS(0).xor(-1).not().select(F32x4.const(1), F32x4.const(0)), [0, 1, 0, 0]],
  'integer order': [
    () => w().bits().shrS(31).gtS(-1).and(w().ne(8)).select(w(), w().neg()),
    [3, 0.5, -8, Math.fround(0.1)],
  ],
  shifted: [() => w().eq(3).shl(30).asF32x4(), [-2, 0, 0, 0]],
  'load splat': [() => F32x4.loadSplat(at(32)), [3, 3, 3, 3]],
  'load one': [() => F32x4.loadOne(at(40)), [8, 0, 0, 0]],
  'load two': [() => F32x4.loadTwo(at(32), 4), [-0.5, 8, 0, 0]],
  'load lane': [() => w().withLoaded(2, at(32)), [3, -0.5, 3, Math.fround(0.1)]],
  splat: [() => y().splat(), [1.5, 1.5, 1.5, 1.5]],
  'integer splat': [() => i().splat().toF32x4(), [I, I, I, I]],
  demoted: [() => w().promoteLow().demote(), [3, -0.5, 0, 0]],
};

function evaluate(make: Make): { binary: ModuleBuilder; result: ArrayBuffer } {
  const module = new ModuleBuilder({ memory: { minimum: 1, export: 'memory' } });
  module.export(
    module.function('run', {}, (f) => {
      f.store(at(64), make());
    }),
  );
  const { memory, run } = instantiate(module);
  const view = new DataView(memory.buffer);
  view.setInt32(0, I, true);
  view.setInt32(4, J, true);
  view.setBigInt64(8, K, true);
  view.setFloat32(16, X, true);
  view.setFloat32(20, Y, true);
  view.setFloat64(24, D, true);
  for (const [lane, value] of W.entries()) view.setFloat32(32 + 4 * lane, value, true);
  run();
  return { binary: module, result: memory.buffer.slice(64, 80) };
}

describe('an operation', () => {
  test.each(Object.entries(integer))('on whole numbers: %s', async (_, [make, expected]) => {
    const { binary, result } = evaluate(make);
    expect(new Int32Array(result)[0]).toBe(expected);
    await expectSame(binary);
  });
  test.each(Object.entries(floating))('on float32: %s', async (_, [make, expected]) => {
    const { binary, result } = evaluate(make);
    expect(new Float32Array(result)[0]).toBe(expected);
    await expectSame(binary);
  });
  test.each(Object.entries(doubles))('on float64: %s', async (_, [make, expected]) => {
    const { binary, result } = evaluate(make);
    expect(new Float64Array(result)[0]).toBe(expected);
    await expectSame(binary);
  });
  test.each(Object.entries(lanes))('on lanes: %s', async (_, [make, expected]) => {
    const { binary, result } = evaluate(make);
    expect([...new Float32Array(result)]).toEqual(expected);
    await expectSame(binary);
  });
});

describe('memory', () => {
  test('is filled, copied and written by lanes', async () => {
    const module = new ModuleBuilder({ memory: { minimum: 1, export: 'memory' } });
    module.export(
      module.function('run', {}, (f) => {
        f.fill(at(0), 255, 64);
        f.copy(at(100), at(0), 8);
        const lanes = f.let('lanes', F32x4.load(at(200)));
        f.storeLane(at(300), lanes, 3);
        f.storePair(at(304), lanes, 0);
        f.storePair(at(308), lanes, 1, 4);
      }),
    );
    await expectSame(module);
    const { memory, run } = instantiate(module);
    new Float32Array(memory.buffer, 200).set([1, 2, 3, 4]);
    run();
    expect([...new Uint8Array(memory.buffer, 98, 12)]).toEqual([0, 0, 255, 255, 255, 255, 255, 255, 255, 255, 0, 0]);
    expect([...new Float32Array(memory.buffer, 300, 5)]).toEqual([4, 1, 2, 3, 4]);
  });

  test('is shared between threads through atomic operations', async () => {
    const from = { module: 'env', name: 'memory' };
    const module = new ModuleBuilder({ memory: { minimum: 1, maximum: 1, shared: true, import: from } });
    const word = at(8);
    module.export(
      module.function('run', {}, (f) => {
        f.atomicStore(word, 5);
        f.fence();
        const sum = f.let('sum', I32.atomicAdd(word, 10));
        f.set(sum, sum.add(I32.atomicExchange(word, 40).mul(100)));
        f.set(sum, sum.add(I32.atomicCompareExchange(word, 40, 41).mul(10000)));
        const woken = f.atomicNotify(word, 1);
        const ended = f.atomicWait(word, 0);
        return sum.add(ended.mul(1000000)).add(woken).add(I32.atomicLoad(word).shl(24));
      }),
    );
    await expectSame(module);
    const memory = new WebAssembly.Memory({ initial: 1, maximum: 1, shared: true });
    const { run } = instantiate(module, { env: { memory } });
    expect(run()).toBe(5 + 15 * 100 + 40 * 10000 + 1000000 + (41 << 24));
  });
});

/** The code of the error that a call ends in. */
function codeOf(call: () => unknown): string | undefined {
  try {
    call();
  } catch (error) {
    if (isUnrolledError(error)) return error.code;
    throw error;
  }
  return undefined;
}

describe('a mistake', () => {
  test('is told where it is made: a value used twice', () => {
    const twice = (): unknown =>
      new ModuleBuilder().function('twice', { x: F32 }, (_, { x }) => {
        const square = x.mul(x);
        return square.add(square);
      });
    expect(twice).toThrow("The value of this f32.mul is used twice. Keep it in a local: f.let('name', value).");
    expect(codeOf(twice)).toBe('ASSEMBLY_VALUE_USED_TWICE');
  });

  test('is told by a code and a way to mend it', () => {
    const module = new ModuleBuilder();
    const empty = module.function('empty', { n: I32 }, () => {});
    module.export(empty);
    expect(codeOf(() => module.export(empty))).toBe('ASSEMBLY_NAME_TAKEN');
    expect(codeOf(() => module.function('empty', {}, () => {}))).toBe('ASSEMBLY_NAME_TAKEN');
    expect(codeOf(() => module.global('empty', I32.const(0)))).toBe('ASSEMBLY_NAME_TAKEN');
    expect(codeOf(() => module.function('two words', {}, () => {}))).toBe('ASSEMBLY_NAME_INVALID');
    expect(codeOf(() => module.global('g', I32.const(1).add(2)))).toBe('ASSEMBLY_NOT_CONSTANT');
    expect(codeOf(() => (empty as any)({}))).toBe('ASSEMBLY_ARGUMENT_MISSING');
    expect(codeOf(() => new ModuleBuilder({ memory: { minimum: 1, shared: true } }))).toBe('ASSEMBLY_MEMORY_INVALID');
  });

  test('is told at the end: a local of another function, a jump from outside', () => {
    const thief = new ModuleBuilder();
    let foreign: I32 = I32.const(0);
    thief.function('owner', { n: I32 }, (_, { n }) => {
      foreign = n;
    });
    thief.function('thief', {}, () => foreign.add(1));
    expect(codeOf(() => thief.toBinary())).toBe('ASSEMBLY_FOREIGN_NAME');
    const late = new ModuleBuilder();
    late.function('late', {}, (f) => {
      let leave = (): void => {};
      f.block('done', (done) => {
        leave = done.go;
      });
      leave();
    });
    expect(codeOf(() => late.toBinary())).toBe('ASSEMBLY_JUMP_FROM_OUTSIDE');
  });

  test('is told by the type checker', () => {
    const typed = new ModuleBuilder();
    typed.function('types', { a: F32, b: F64 }, (f, { a, b }) => {
      // @ts-expect-error float32 and float64 do not mix
      f.let('sum', a.add(b));
      // @ts-expect-error a truth value is an I32
      f.if(a, () => {});
      // @ts-expect-error only variables can be set
      expect(() => f.set(a.add(1), a.add(2))).toThrow('Only a local or a global can be.');
    });
  });
});
