// Everything that training works on, ready: data encoded, network compiled.
import type { Executable } from '../contracts/executable.ts';
import type { NetworkDescription } from '../contracts/network.ts';
import type { Learns, Optimizer, Trainer } from '../contracts/plugins.ts';
import type { Chosen } from '../resolved.ts';
import type { Decoder } from './decoder.ts';
import type { NumberScale } from './number-scale.ts';
import type { EncodedPart } from './part.ts';
import type { Link } from './probabilities.ts';
import type { CheckedSettings } from './settings.ts';

/** What training works on. */
export interface Session {
  /** Of the run. */
  readonly settings: CheckedSettings;
  /** Training part. */
  readonly training: EncodedPart;
  /** Validation part, where there is one. */
  readonly validation: EncodedPart | undefined;
  /** What the task learns. */
  readonly learns: Learns;
  /** Number of labels, or of tokens told apart; 0 where numbers are learned. */
  readonly classes: number;
  /** Of the numbers that are learned; undefined for other tasks. */
  readonly scale: NumberScale | undefined;
  /** Factor of each label's loss `[classes]`; undefined where all count alike. */
  readonly classWeights: Float64Array | undefined;
  /** The network. */
  readonly network: NetworkDescription;
  /** Logits → probabilities, or numbers. */
  readonly link: Link;
  /** Runs one call at a time. */
  readonly executable: Executable;
  /** Of a network that generates a sequence. */
  readonly decoder: Decoder | undefined;
  /** When weights change. */
  readonly trainer: Chosen<Trainer>;
  /** Its schedule of learning rates. */
  readonly optimizer: Chosen<Optimizer>;
}
