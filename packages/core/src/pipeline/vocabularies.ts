// What the encoders of a model hold, as the data of `vocabulary.json`, and back.
import type { Encoder, Vectorizer } from '../contracts/plugins.ts';
import { UnrolledError } from '../errors.ts';
import type { Encoders } from './prepare.ts';

/** A vectorizer and its options. */
interface Bound {
  readonly plugin: Vectorizer;
  readonly options: unknown;
}

/** The data of one encoder, or of both. */
export function vocabularyData({ encoder, targetEncoder }: Encoders): unknown {
  return targetEncoder ? { input: encoder.toJSON(), target: targetEncoder.toJSON() } : encoder.toJSON();
}

/** The encoders of that data. @throws UnrolledError `MODEL_CORRUPT` */
export function restoreEncoders(
  { vectorizer, targetVectorizer }: { readonly vectorizer: Bound; readonly targetVectorizer: Bound | undefined },
  data: unknown,
): Encoders {
  if (!targetVectorizer) return { encoder: restore(vectorizer, data), targetEncoder: undefined };
  if (typeof data !== 'object' || data === null || !('input' in data) || !('target' in data))
    throw new UnrolledError(
      'MODEL_CORRUPT',
      'The vocabulary of a model that generates must have "input" and "target".',
      { mend: 'Copy the model again from where it was made, or make it anew.' },
    );
  return { encoder: restore(vectorizer, data.input), targetEncoder: restore(targetVectorizer, data.target) };
}

function restore({ plugin, options }: Bound, data: unknown): Encoder {
  return plugin.restore(options, data);
}
