// A model in memory: what predict and evaluate work on.
import type { Executable } from '../contracts/executable.ts';
import type { Encoder, TokenizerInstance } from '../contracts/plugins.ts';
import type { Decoder } from '../pipeline/decoder.ts';
import type { LabelTable } from '../pipeline/labels.ts';
import type { ModelRecord } from './record.ts';

/** Everything that turns an input into an answer. */
export interface FittedModel {
  /** Its description. */
  readonly record: ModelRecord;
  /** Undefined where the vectorizer reads numbers. */
  readonly tokenizer: TokenizerInstance | undefined;
  /** As fitted. */
  readonly encoder: Encoder;
  /** Text → tokens of what is generated; undefined for models that generate nothing else than they read. */
  readonly targetTokenizer: TokenizerInstance | undefined;
  /** Of what is generated; undefined for models that generate nothing else than they read. */
  readonly targetEncoder: Encoder | undefined;
  /** Of the record. */
  readonly labels: LabelTable;
  /** Of models that generate a sequence. */
  readonly decoder: Decoder | undefined;
  /** Runs one call at a time; its `dispose` frees the decoder too. */
  readonly executable: Executable;
}
