// Goes on writing after a prompt, token by token: each one drawn is what the next step reads.
import { UnrolledError } from '../errors.ts';
import type { FittedModel } from '../model/fitted.ts';
import { learnsOfModel } from '../model/record.ts';
import { checkStreams } from '../streams.ts';
import { createBreathe } from './breathe.ts';
import { boundaryOf } from './codes.ts';
import { generateKeys } from './inference-settings.ts';
import { checkSampling, drawOf, logProbabilitiesOf, sampleToken, tokenAt } from './next-token.ts';
import { type Run, type RunControl, startRun } from './run.ts';
import { checkKnown, checkWhole } from './setting-checks.ts';
import { readOn, textOf } from './step.ts';
import { createText } from './token-text.ts';
import type { GeneratedText, GeneratedToken, GenerateSettings, StreamPiece } from './types.ts';

/** See `Model.generate`. @throws UnrolledError `NOT_AVAILABLE`, `SETTING_INVALID`, `NETWORK_DOES_NOT_STREAM` */
export function generate(
  model: FittedModel,
  prompt: StreamPiece | undefined,
  settings: GenerateSettings,
): Run<GeneratedText, GeneratedToken> {
  if (learnsOfModel(model.record) !== 'next')
    throw new UnrolledError('NOT_AVAILABLE', 'Only a model that learned the next token can go on writing a text.', {
      mend: 'Train one with a task such as "language-model", or call predict.',
    });
  checkKnown(settings, generateKeys, 'generate');
  checkStreams(model.executable);
  const { maximumLength = 200 } = settings;
  checkWhole('maximumLength', maximumLength, 1);
  const sampling = checkSampling(settings);
  return startRun((control) => write(model, prompt, { ...sampling, maximumLength }, control), settings.signal);
}

type Options = ReturnType<typeof checkSampling> & { readonly maximumLength: number };

async function write(
  model: FittedModel,
  prompt: StreamPiece | undefined,
  options: Options,
  control: RunControl<GeneratedToken>,
): Promise<GeneratedText> {
  const { encoder, executable } = model;
  const boundary = boundaryOf(encoder);
  const breathe = createBreathe();
  const text = createText(model.tokenizer);
  const read = await readOn(model, wholePrompt(model, prompt), undefined);
  let { state, logits } = read.stream;
  let logProbability = 0;
  let ended = false;
  for (let index = 0; index < options.maximumLength && !control.stopping(); index += 1) {
    const logProbabilities = logProbabilitiesOf(encoder, logits.data);
    const id = sampleToken(logProbabilities, options, drawOf(options, 0, index));
    logProbability += logProbabilities[id] as number;
    ended = id === boundary;
    const token = tokenAt(encoder, id, logProbabilities);
    await control.report({ ...token, text: ended ? '' : text.add(token.token as string) });
    if (ended) break;
    [state, logits] = await executable.step(state, Int32Array.of(id));
    await breathe();
  }
  const told = { tokens: read.tokens?.length ?? 0, unknown: read.unknown };
  return { text: text.all(), tokens: text.tokens, logProbability, ended, prompt: told };
}

/** A prompt is whole, so that tokens which reach over cuts do no harm. */
function wholePrompt({ tokenizer }: FittedModel, prompt: StreamPiece = { tokens: [] }): StreamPiece {
  const text = textOf(prompt);
  if (text === undefined || !tokenizer) return prompt;
  return { tokens: tokenizer.tokenize(text).map((token) => token.text) };
}
