// Generates sequences from inputs: greedily, by beam search, or by drawing.
import { UnrolledError } from '../errors.ts';
import type { FittedModel } from '../model/fitted.ts';
import type { EncodedSequence } from './encode.ts';
import type { DecodeSettings, GeneratedSequence } from './types.ts';

/** The sequence for each input. */
export async function decodeSequences(
  _model: FittedModel,
  _sequences: readonly EncodedSequence[],
  _batchSize: number,
  _settings: DecodeSettings,
): Promise<GeneratedSequence[]> {
  throw new UnrolledError('NOT_AVAILABLE', 'Generating a sequence is not available yet.', {
    mend: 'Train another task.',
  });
}
