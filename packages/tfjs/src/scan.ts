// Runs a loop over time, each step in turn.
import type { Tensor } from '@tensorflow/tfjs';
import type { Binary, Computed, Scan, Unary, Value } from '@unrolled/equations';
import { binary, compute, type Outside, type Place, unary } from './compute.ts';
import { aligned, axesOf } from './layout.ts';
import type { ScanProgram, ScanResult } from './loops.ts';
import type { Pack } from './packs.ts';
import { partsOf } from './parts.ts';

/** Runs a loop. A sequence that has no such step keeps its carries; what is stacked of it there is never read. */
export function runScan(outside: Outside, program: ScanProgram): ScanResult {
  const { scan, stacked } = program;
  const time = outside.positions.none ? 0 : outside.positions.time;
  const stacks = new Map(stacked.map((id) => [id, new Array<Tensor>(time)]));
  let carries: readonly Tensor[] = scan.carries.map((_, i) => firstCarry(outside, scan, i));
  for (let i = 0; i < time; i++) {
    const number = scan.reverse ? time - 1 - i : i;
    const step = new Step(outside, program, number, carries);
    step.run();
    for (const [id, tensors] of stacks) tensors[number] = step.operand(id);
    carries = step.carriesAfter(carries);
  }
  return { finals: carries, stack: (id) => outside.recorder.stacked(stacks.get(id) as readonly Tensor[]) };
}

/** A carry before the first step, for every sequence: `[batch, …shape]`. */
export function firstCarry(outside: Outside, { carries }: Scan, carry: number): Tensor {
  const { init, leaf } = carries[carry] as Scan['carries'][number];
  const { shape } = outside.value(leaf);
  const axes = outside.axes(outside.value(init));
  const tensor = aligned(outside.recorder, outside.operand(init), axes, ['batch'], shape.length);
  return outside.recorder.expanded(tensor, [outside.positions.batch, ...shape]);
}

/** One step of a loop. */
class Step implements Place {
  readonly recorder: Place['recorder'];
  readonly positions: Place['positions'];
  readonly value: Place['value'];
  readonly matrix: Place['matrix'];
  readonly columns: Place['columns'];
  readonly #outside: Outside;
  readonly #program: ScanProgram;
  readonly #scan: Scan;
  readonly #number: number;
  readonly #values = new Map<number, Tensor>();
  readonly #packs = new Map<Pack, Tensor>();
  readonly #pieces = new Map<Pack, readonly Tensor[]>();

  constructor(outside: Outside, program: ScanProgram, number: number, carries: readonly Tensor[]) {
    this.recorder = outside.recorder;
    this.positions = outside.positions;
    this.value = outside.value;
    this.matrix = outside.matrix;
    this.columns = outside.columns;
    this.#outside = outside;
    this.#program = program;
    this.#scan = program.scan;
    this.#number = number;
    this.#scan.carries.forEach(({ leaf }, i) => {
      this.#values.set(leaf, carries[i] as Tensor);
    });
  }

  run(): void {
    for (const item of this.#program.body) {
      if (typeof item === 'number') this.#values.set(item, compute(this, this.value(item) as Computed));
      else this.#packs.set(item, this.#computePack(item));
    }
  }

  readonly axes = (value: Value) => axesOf(value, true);

  /** A body value, or a value from outside at this step. */
  readonly operand = (id: number): Tensor => {
    const known = this.#values.get(id);
    if (known) return known;
    const pack = this.#program.packs.get(id);
    if (pack) return this.#members([id], pack);
    return this.#atStep(this.#outside.operand(id), this.value(id));
  };

  /** Carries for the next step. */
  carriesAfter(before: readonly Tensor[]): readonly Tensor[] {
    const { batch } = this.positions;
    return this.#scan.carries.map(({ next, leaf }, i) => {
      const { shape } = this.value(leaf);
      const tensor = aligned(this.recorder, this.operand(next), this.axes(this.value(next)), ['batch'], shape.length);
      const after = this.recorder.expanded(tensor, [batch, ...shape]);
      return this.positions.carried(this.#number, after, before[i] as Tensor);
    });
  }

  #atStep(tensor: Tensor, { over }: Value): Tensor {
    return over.includes('time') ? this.#outside.element(tensor, this.#number) : tensor;
  }

  #computePack({ members }: Pack): Tensor {
    const [first] = members;
    if (!first) throw new RangeError('an empty pack');
    const args = (at: number) => members.map((member) => member.args[at] as number);
    if (first.op === 'matmul') return this.matrix(args(0), false).times(this.operand(first.args[1] as number));
    const operands = first.args.map((_, at) => this.#packedOperand(args(at)));
    const [a, b] = operands as [Tensor, Tensor | undefined];
    return b ? binary(this.recorder, first.op as Binary, a, b) : unary(this.recorder, first.op as Unary, a);
  }

  /** One argument of all members as `[batch, units]`, or what broadcasts to it. */
  #packedOperand(ids: readonly number[]): Tensor {
    const [id = 0] = ids;
    const value = this.value(id);
    const pack = this.#program.packs.get(id);
    if (pack) return this.#members(ids, pack);
    const tensor = value.shape.length === 0 ? this.operand(id) : this.#atStep(this.#outside.together(ids), value);
    return aligned(this.recorder, tensor, this.axes(value), ['batch'], 1);
  }

  /** Members of a pack, joined: the pack itself, a piece of it, or several pieces. */
  #members(ids: readonly number[], pack: Pack): Tensor {
    const whole = this.#packs.get(pack) as Tensor;
    if (ids.length === pack.members.length && pack.members.every(({ id }, i) => id === ids[i])) return whole;
    const pieces = this.#pieces.get(pack) ?? this.#cut(whole, pack);
    this.#pieces.set(pack, pieces);
    const wanted = pack.pieces.flatMap((piece, i) => (ids.includes(piece[0] as number) ? [{ piece, i }] : []));
    wanted.sort((a, b) => ids.indexOf(a.piece[0] as number) - ids.indexOf(b.piece[0] as number));
    return this.recorder.joined(
      wanted.map(({ i }) => pieces[i] as Tensor),
      -1,
    );
  }

  #cut(whole: Tensor, { pieces, members }: Pack): readonly Tensor[] {
    const sizeOf = (id: number) => members.find((member) => member.id === id)?.shape[0] ?? 0;
    const sizes = pieces.map((piece) => piece.reduce((size, id) => size + sizeOf(id), 0));
    return partsOf(this.recorder.tf, whole, sizes, -1);
  }
}
