// From raw words to those that are kept: frequent words leave by chance, and each that stays draws its window.
import { I32, I64, type ModuleBuilder } from '@unrolled/wasm';
import { header, type Layout, type Plan } from './layout.ts';
import { below, mix, STEP } from './random.ts';

/** What stands between sentences. */
export const SENTENCE_END = -1;

/**
 * Adds `sift(count, end)`: takes the chunk's first `count` entries (words and {@link SENTENCE_END}), writes those that stay and
 * their windows from entry `end` of the buffer on, and gives the entry after the last. One end never follows another.
 */
export function siftFunction(module: ModuleBuilder, plan: Plan, layout: Layout): void {
  const sift = module.function('sift', { count: I32, end: I32 }, (f, { count, end }) => {
    const state = f.let('state', I64.load(I32.const(header.siftKey)));
    const from = f.let('from', I32.const(layout.raw));
    const to = f.let('to', end.shl(2));
    f.for('index', 0, count, 1, () => {
      const word = f.let('word', I32.load(from));
      f.if(
        word.ltS(0),
        () => {
          f.store(to, word, layout.kept);
          f.set(
            to,
            to.add(
              I32.load(to, layout.kept - 4)
                .ne(SENTENCE_END)
                .shl(2),
            ),
          );
        },
        () => {
          const drawn = f.let('drawn', mix(f, state));
          f.set(state, state.add(I64.const(STEP)));
          f.store(to, word, layout.kept);
          const reach = plan.dynamicWindow
            ? below(drawn.shl(32), I64.const(plan.window)).toI32().add(1)
            : I32.const(plan.window);
          f.store(to, reach, layout.reach);
          const stays = drawn
            .shrU(32)
            .toI32()
            .leU(I32.load(word.shl(2), layout.keep));
          f.set(to, to.add(stays.shl(2)));
        },
      );
      f.set(from, from.add(4));
    });
    return to.shrU(2);
  });
  module.export(sift);
}
