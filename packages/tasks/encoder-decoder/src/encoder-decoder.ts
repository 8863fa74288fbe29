// A sequence from a sequence: the output layer of a decoder, and how its layers begin.
import {
  choice,
  defineOptions,
  defineTask,
  type EquationModule,
  parseOptions,
  type StepOutputOptions,
  stepOutput,
  stepOutputFields,
  type Task,
} from '@unrolled/core';
import { beginModule } from './begin.ts';

/** Options of the encoder–decoder task. */
export interface EncoderDecoderOptions extends StepOutputOptions {
  /** What of the encoder's memory the states of the decoder begin with: its last step, its mean, or nothing (zeros). */
  readonly begin: 'last' | 'mean' | 'zero';
}

const name = 'encoder-decoder';
const options = /* @__PURE__ */ defineOptions<EncoderDecoderOptions>({
  begin: /* @__PURE__ */ choice(
    'last',
    ['last', 'mean', 'zero'],
    'What the states of the decoder begin with: the last step of the encoder, the mean over its steps, or zeros',
  ),
  ...stepOutputFields,
});

/**
 * A sequence for a sequence (Sutskever et al. 2014; Cho et al. 2014): an encoder reads the input to a memory `[batch, time, hidden]`,
 * a decoder begins with what became of it and predicts each token of the target from those before. Logits `[batch, time, size]`.
 * States begin with tanh of a linear layer (Bahdanau et al. 2015, appendix A.2.2), so that both sides may have sizes of their own.
 */
export const encoderDecoder: Task<'encoder-decoder', EncoderDecoderOptions, 'sequence', 'steps'> =
  /* @__PURE__ */ defineTask({
    name,
    package: '@unrolled/task-encoder-decoder',
    options,
    answers: 'each-step',
    learns: 'sequence',
    accepts: 'steps',
    streams: false,
    begin: ({ begin }, cell) => (begin === 'zero' ? undefined : beginModule(begin, cell)),
    module: (given, size) => stepOutput({ name, options }, given, size),
  });

/**
 * The output layer's equation module, for use without a registry.
 * @param size - number of logits.
 * @throws UnrolledError `OPTION_INVALID`
 */
export function encoderDecoderTask(size: number, options: Partial<EncoderDecoderOptions> = {}): EquationModule {
  return encoderDecoder.module(parseOptions(encoderDecoder.options, options, 'task "encoder-decoder"'), size);
}
