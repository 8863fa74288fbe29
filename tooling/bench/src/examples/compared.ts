// What an example is compared by, and what comes of it.
import type { TrainedNetwork } from '@unrolled/examples';

/** How good a network is, by what was measured: `{ accuracy: 0.98 }`. */
export type Quality = Readonly<Record<string, number>>;

/** What epochs took. */
export interface Times {
  /** Wall-clock seconds of each epoch. */
  readonly seconds: readonly number[];
  /** Seconds of processors, all threads together, of each epoch but the first. */
  readonly processor: readonly number[];
}

/** What came of one training. */
export interface Outcome extends Times {
  readonly quality: Quality;
}

/** Both sides of a network. */
export interface Pair {
  readonly title: string;
  readonly ours: Outcome;
  readonly theirs: Outcome;
  /** Of PyTorch with threads that spin while they wait, which is faster where nobody else works; of the first seed. */
  readonly spinning?: Times;
}

/** An example beside PyTorch; `list.ts` has them. */
export interface ComparedExample {
  /** Its networks that are compared, by the titles that it gives them, in their order. */
  readonly titles: readonly string[];
  readonly kind: Kind;
}

/** How networks of a task are handed to PyTorch, and measured. */
export interface Kind {
  /** Python module of this folder whose `main` trains. */
  readonly script: string;
  /** Everything but the training's settings and the first weights. @throws Error where the network has what the script does not know */
  readonly describe: (network: TrainedNetwork) => Promise<object>;
  readonly ours: (network: TrainedNetwork) => Promise<Quality>;
  readonly theirs: (answer: Answer, network: TrainedNetwork) => Quality | Promise<Quality>;
}

/** What a script gives. */
export interface Answer extends Times {
  /** Mean of all targets of the test part. */
  readonly loss: number;
  /** Share of targets of the test part that are right. */
  readonly accuracy: number;
  /** Numbers of the tokens written for each example of the test part, where the network writes. */
  readonly written?: readonly (readonly number[])[];
}
