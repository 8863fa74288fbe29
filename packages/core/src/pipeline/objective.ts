// What a network learns: the loss, the number of outputs and how they are read as probabilities of classes.
import type { TargetDescription } from '../contracts/network.ts';
import type { Loss } from '../contracts/plugins.ts';
import { UnrolledError } from '../errors.ts';
import type { Chosen, ResolvedPipeline } from '../resolved.ts';
import type { Link } from './probabilities.ts';

/** A loss that fits the labels, with what follows from it. */
export interface Objective {
  /** The loss. */
  readonly loss: Chosen<Loss>;
  /** Logits → probabilities. */
  readonly link: Link;
  /** What the loss compares with: a class number, or the probability of the second of two labels. */
  readonly target: TargetDescription;
}

/**
 * The objective for classes of so many kinds, labels or tokens: the loss that the manifest names, or the one that follows from the targets
 * (categorical cross-entropy where it is registered, else the first loss that compares with classes, or with yes and no).
 * @throws UnrolledError `LOSS_MISFIT`, `PLUGIN_MISSING`
 */
export function chooseObjective(resolved: ResolvedPipeline, classes: number): Objective {
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
