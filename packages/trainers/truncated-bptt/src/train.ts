// The loop over a batch's windows: which call each makes, and what it hands over to later ones.
import {
  type Answers,
  type Batch,
  type Executable,
  type ForwardResult,
  hasLoss,
  type State,
  type Tensor,
  type TrainerContext,
  type TrainerCursor,
  type TrainerProgress,
  UnrolledError,
} from '@unrolled/core';
import { cutBatch, freshOutput, joinOutputs } from './cut.ts';
import { withRows } from './rows.ts';
import {
  countWindows,
  type Handover,
  handovers,
  lastWindow,
  type Truncation,
  type Window,
  windowAt,
} from './windows.ts';

/** When weights change: at each window, or once at the end of the batch. */
export type Update = 'window' | 'sequence';

/** What a window asks of the executable. */
type Call = 'update' | 'accumulate' | 'forward';

/** A batch and how it is trained on. */
interface Plan {
  readonly truncation: Truncation;
  readonly update: Update;
  /** How many windows there are. */
  readonly count: number;
  readonly executable: Executable;
  readonly batch: Batch;
  readonly context: TrainerContext;
}

/** Trains on one batch, window by window. */
export async function* trainWindows(
  truncation: Truncation,
  update: Update,
  executable: Executable,
  batch: Batch,
  context: TrainerContext,
): AsyncGenerator<TrainerProgress, void, void> {
  const count = countWindows(batch.lengths, truncation);
  if (count > 1) checkStreams(executable);
  const plan: Plan = { truncation, update, count, executable, batch, context };
  let cursor = context.cursor ?? begin(plan);
  let share = context.stream ? shareBefore(plan, cursor.window) : 0;
  while (cursor.window < count) {
    const { next, result, window } = await trainWindow(plan, cursor);
    cursor = next;
    if (context.stream) {
      share += shareOf(batch, window);
      yield streamed(plan, cursor, result, window, share);
    } else yield progressOf(plan, cursor, result);
  }
}

/** Trains on the window that the cursor names. */
async function trainWindow(
  plan: Plan,
  cursor: TrainerCursor,
): Promise<{ readonly next: TrainerCursor; readonly result: WindowResult; readonly window: Window }> {
  const { truncation, count, batch, context } = plan;
  const { lengths } = batch;
  const index = cursor.window;
  const window = windowAt(index, lengths, truncation);
  // A single window is the whole batch: the same call as without truncation.
  const cut = count === 1 ? batch : cutBatch(batch, window, context.answers);
  const { part, share } = context.stream && plan.update === 'window' ? asMean(cut) : { part: cut, share: 1 };
  const handed = handovers(index, lengths, truncation);
  const state = cursor.states[index] ?? (cursor.states.initial as State);
  const result = await run(plan, callOf(plan, index, part), part, state, interiorSteps(handed, part));
  const ended = [...lengths.keys()].filter((row) => lastWindow(lengths[row] as number, truncation) === index);
  const next = {
    window: index + 1,
    states: statesAfter(cursor, handed, ended, result),
    loss: cursor.loss + result.loss * share,
    outputs: context.stream ? [] : outputsAfter(cursor.outputs, window, ended, result.output, context.answers),
  };
  return { next, result, window };
}

/**
 * What is told after a window of streams: the mean loss so far, and the outputs of the window's new steps.
 * @param share - sum of the weights so far, of that of the whole batch.
 */
function streamed(
  { count }: Plan,
  cursor: TrainerCursor,
  result: WindowResult,
  window: Window,
  share: number,
): TrainerProgress {
  const { gradientNorm, updated } = result;
  const done = cursor.window === count;
  return {
    loss: done ? cursor.loss : cursor.loss / share,
    gradientNorm,
    updated,
    cursor: done ? undefined : cursor,
    output: freshOutput(result.output, window),
    outputFrom: window.fresh,
    state: done ? cursor.states.final : undefined,
  };
}

/** Sum of the weights of a window's new steps. */
function shareOf({ weights, size }: Batch, { fresh, to }: Window): number {
  return sum(weights?.subarray(fresh * size, Math.max(...to) * size) ?? []);
}

/** That of all windows before one, added up as training does, so that a resumed run tells the same. */
function shareBefore({ batch, truncation }: Plan, index: number): number {
  let share = 0;
  for (let before = 0; before < index; before++) share += shareOf(batch, windowAt(before, batch.lengths, truncation));
  return share;
}

/** A window whose weights add up to 1, and what they added up to. */
function asMean(part: Batch): { readonly part: Batch; readonly share: number } {
  const share = sum(part.weights ?? []);
  if (share === 0 || !part.weights) return { part, share: 1 };
  return { part: { ...part, weights: part.weights.map((weight) => weight / share) }, share };
}

function sum(values: ArrayLike<number>): number {
  let total = 0;
  for (let index = 0; index < values.length; index++) total += values[index] as number;
  return total;
}

/** What is told after a window; the output and the last state once the batch is done. */
function progressOf({ count, batch, context }: Plan, cursor: TrainerCursor, result: WindowResult): TrainerProgress {
  const { window, loss, outputs, states } = cursor;
  const { gradientNorm, updated } = result;
  if (window < count) return { loss, gradientNorm, updated, cursor, output: undefined, state: undefined };
  const joined = context.answers === 'once' ? outputs[0] : joinOutputs(outputs, batch.time);
  const output = count === 1 ? result.output : joined;
  return { loss, gradientNorm, updated, cursor: undefined, output, state: states.final };
}

/** @throws UnrolledError `TRAINER_MISFIT` */
function checkStreams({ streams }: Executable): void {
  if (streams === true) return;
  throw new UnrolledError(
    'TRAINER_MISFIT',
    `Trainer "truncated-bptt" sees a window of each sequence, but this network needs the whole: ${streams}`,
    { mend: 'Use the trainer "bptt", or forward layers alone.' },
  );
}

function begin({ executable, batch, context }: Plan): TrainerCursor {
  const initial = context.state ?? executable.initialState(batch.size);
  return { window: 0, states: { initial, final: initial }, loss: 0, outputs: [] };
}

/** A window without a loss makes no update; with one update for the batch, the last window makes it. */
function callOf({ update, count, batch, context }: Plan, index: number, part: Batch): Call {
  const last = index === count - 1;
  const whole = update === 'sequence' && last;
  if (!hasLoss(whole ? batch : part, context.answers)) return 'forward';
  return update === 'window' || last ? 'update' : 'accumulate';
}

/** Steps inside this window whose states must be asked for; those at a sequence's end come with the result. */
function interiorSteps(handed: readonly Handover[], part: Batch): number[] {
  const inside = handed.filter(({ row, after }) => after < (part.lengths[row] as number));
  return [...new Set(inside.map(({ after }) => after))].sort((a, b) => a - b);
}

interface WindowResult {
  readonly loss: number;
  readonly output: Tensor;
  readonly updated: boolean;
  readonly gradientNorm: number | undefined;
  /** State after the last step of each sequence in this window. */
  readonly state: State;
  /** States after some numbers of steps. */
  readonly inside: ReadonlyMap<number, State>;
}

async function run(
  { executable, context }: Plan,
  call: Call,
  part: Batch,
  state: State,
  statesAt: readonly number[],
): Promise<WindowResult> {
  const key = { seed: context.seed, update: context.updates() };
  const asked = statesAt.length > 0 ? { statesAt } : {};
  if (call === 'forward') {
    // Masks as in training, so that the states are those that a window with a loss would have had.
    const result = await executable.forward(part, state, { mode: 'train', key, ...asked });
    return { ...kept(result, statesAt), loss: result.loss ?? 0, updated: false, gradientNorm: undefined };
  }
  const learningRate = context.learningRate();
  const accumulate = call === 'accumulate' ? { accumulate: true } : {};
  // Outputs of windows that are kept until a batch is whole must be of one kind, also those of windows without a loss.
  const told = context.stream && context.output ? { output: context.output } : {};
  const result = await executable.trainStep(part, state, { key, learningRate, ...accumulate, ...asked, ...told });
  const updated = call === 'update';
  return {
    ...kept(result, statesAt),
    loss: result.loss,
    updated,
    gradientNorm: updated ? result.gradientNorm : undefined,
  };
}

function kept(
  result: ForwardResult & { readonly intermediate?: readonly State[] },
  statesAt: readonly number[],
): Pick<WindowResult, 'output' | 'state' | 'inside'> {
  const { output, state, intermediate = [] } = result;
  return { output, state, inside: new Map(statesAt.map((step, index) => [step, intermediate[index] as State])) };
}

/**
 * The starting states of later windows with what this window hands over, and the final state of the batch with the rows
 * of the sequences that ended here. A later window without a state of its own starts from the initial one.
 */
function statesAfter(
  { states, window }: TrainerCursor,
  handed: readonly Handover[],
  ended: readonly number[],
  { state, inside }: WindowResult,
): Record<string, State> {
  const { [window]: _used, ...after } = states as Record<string, State>;
  const initial = states.initial as State;
  for (const later of new Set(handed.map((handover) => handover.window))) {
    const rows = handed.filter((handover) => handover.window === later);
    after[later] = withRows(
      after[later] ?? initial,
      rows.map(({ row, after: steps }) => ({ row, source: inside.get(steps) ?? state })),
    );
  }
  after.final = withRows(
    states.final as State,
    ended.map((row) => ({ row, source: state })),
  );
  return after;
}

/** One tensor with the rows of the sequences that ended so far, or the new steps of each window so far. */
function outputsAfter(
  outputs: readonly Tensor[],
  window: Window,
  ended: readonly number[],
  output: Tensor,
  answers: Answers,
): readonly Tensor[] {
  if (answers === 'each-step') return [...outputs, freshOutput(output, window)];
  const rows = ended.map((row) => ({ row, source: { output } }));
  return [withRows({ output: outputs[0] ?? output }, rows).output as Tensor];
}
