// What a network learns: the loss, the number of outputs and how they are read, as probabilities of classes or as numbers.
import type { TargetDescription } from '../contracts/network.ts';
import type { Loss } from '../contracts/plugins.ts';
import { UnrolledError } from '../errors.ts';
import type { Chosen, ResolvedPipeline } from '../resolved.ts';
import type { Link } from './probabilities.ts';

/** A loss that fits the targets, with what follows from it. */
export interface Objective {
  /** The loss. */
  readonly loss: Chosen<Loss>;
  /** Logits → probabilities, or numbers. */
  readonly link: Link;
  /** What the loss compares with: a class number, the probability of the second of two labels, or a number. */
  readonly target: TargetDescription;
}

/**
 * The objective for classes of so many kinds, labels or tokens, or for numbers: the loss that the manifest names, or the one that
 * follows from the targets (categorical cross-entropy, or squared error, where it is registered, else the first loss that
 * compares with classes, with yes and no, or with numbers).
 * @param classes - of no meaning where numbers are learned.
 * @throws UnrolledError `LOSS_MISFIT`, `PLUGIN_MISSING`
 */
export function chooseObjective(resolved: ResolvedPipeline, classes: number): Objective {
  if (resolved.learns === 'number') return numberObjective(resolved);
  const chosen = resolved.loss ?? followingLoss(resolved.losses, classes);
  const per = resolved.task.plugin.answers === 'once' ? 'sequence' : 'step';
  const { name, targets, link } = chosen.plugin;
  if (targets === 'class' && link === 'softmax')
    return { loss: chosen, link, target: { kind: 'class', size: classes, per } };
  if (targets === 'binary' && link === 'sigmoid' && classes === 2)
    return { loss: chosen, link, target: { kind: 'values', size: 1, per } };
  const message =
    targets === 'binary'
      ? `loss "${name}" tells two labels apart, but the examples have ${classes}.`
      : `loss "${name}" compares with numbers, but the targets are labels.`;
  throw new UnrolledError('LOSS_MISFIT', message, {
    mend: 'Name a loss for classes, such as "categorical-cross-entropy", or leave loss out.',
  });
}

function numberObjective({ loss, losses }: ResolvedPipeline): Objective {
  const chosen = loss ?? followingNumberLoss(losses);
  const { name, targets, link } = chosen.plugin;
  if (targets === 'values' && link === 'identity')
    return { loss: chosen, link, target: { kind: 'values', size: 1, per: 'sequence' } };
  throw new UnrolledError('LOSS_MISFIT', `loss "${name}" compares with labels, but a number is learned.`, {
    mend: 'Name a loss for numbers, such as "squared-error", or leave loss out.',
  });
}

function followingNumberLoss(losses: readonly Loss[]): Chosen<Loss> {
  const found =
    losses.find(({ name }) => name === 'squared-error') ??
    losses.find(({ targets, link }) => targets === 'values' && link === 'identity');
  if (found) return { plugin: found, options: found.options.defaults };
  throw new UnrolledError('PLUGIN_MISSING', 'No loss for numbers is registered, and the manifest names none.', {
    mend: 'Install one with: npm install @unrolled/losses, and register squaredError.',
  });
}

function followingLoss(losses: readonly Loss[], classes: number): Chosen<Loss> {
  const found =
    losses.find(({ name }) => name === 'categorical-cross-entropy') ??
    losses.find(({ targets, link }) => targets === 'class' && link === 'softmax') ??
    losses.find(({ targets, link }) => targets === 'binary' && link === 'sigmoid' && classes === 2);
  if (found) return { plugin: found, options: found.options.defaults };
  throw new UnrolledError('PLUGIN_MISSING', 'No loss for labels is registered, and the manifest names none.', {
    mend: 'Install one with: npm install @unrolled/losses, and register categoricalCrossEntropy.',
  });
}
