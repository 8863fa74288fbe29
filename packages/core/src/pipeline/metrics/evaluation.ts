// The result of evaluate: its type for each kind of task.

/** Precision, recall and F1, as scikit-learn defines them; a division by zero gives 0. */
export interface Scores {
  /** Right among those given this label. */
  readonly precision: number;
  /** Found among those that have this label. */
  readonly recall: number;
  /** Harmonic mean of both. */
  readonly f1: number;
}

/** Scores of one label. */
export interface LabelScores extends Scores {
  /** Examples that have this label. */
  readonly support: number;
}

/** One bin of confidences. */
export interface CalibrationBin {
  /** Lower end, excluded (included in the first bin). */
  readonly from: number;
  /** Upper end, included. */
  readonly to: number;
  /** Predictions whose confidence lies in it. */
  readonly count: number;
  /** Their mean confidence; 0 where there are none. */
  readonly confidence: number;
  /** Their share of right answers; 0 where there are none. */
  readonly accuracy: number;
}

/** How far probabilities can be taken at their word. */
export interface Calibration {
  /** Expected calibration error over equal-width bins of the highest probability (Guo et al. 2017, eq. 3). */
  readonly expectedError: number;
  /** Mean negative log-likelihood in nats. */
  readonly negativeLogLikelihood: number;
  /** Brier score as scikit-learn scales it: in [0, 1] for two labels, in [0, 2] for more. */
  readonly brier: number;
  /** The bins. */
  readonly bins: readonly CalibrationBin[];
}

/** Measures of a model on labelled examples. */
export interface Evaluation<Label extends string = string> {
  /** Examples measured. */
  readonly examples: number;
  /** Examples left out for an empty text (`emptyText: 'skip'`). */
  readonly skipped: number;
  /** Mean training loss per example, without class weights, temperature or threshold. */
  readonly loss: number;
  /** Share of right answers. */
  readonly accuracy: number;
  /** Accuracy of always answering the label that was the most frequent in training: the baseline to beat. */
  readonly majority: number;
  /** Scores of each label. */
  readonly labels: Readonly<Record<Label, LabelScores>>;
  /** Unweighted means over labels. */
  readonly macro: Scores;
  /** Means over labels weighted by support. */
  readonly weighted: Scores;
  /** `confusion[i][j]`: examples of label i answered j, in the order of class numbers. */
  readonly confusion: readonly (readonly number[])[];
  /** How far probabilities can be taken at their word, temperature applied. */
  readonly calibration: Calibration;
}

/** Measures of a model on examples whose steps are labelled. */
export interface StepEvaluation<Label extends string = string> extends Omit<Evaluation<Label>, 'calibration'> {
  /** Steps measured: what accuracy, scores, support and confusion count. */
  readonly steps: number;
}

/** Measures of a model of the next token. */
export interface LanguageEvaluation {
  /** Examples measured. */
  readonly examples: number;
  /** Examples left out for an empty text (`emptyText: 'skip'`). */
  readonly skipped: number;
  /** Tokens predicted, the end of each example included. */
  readonly tokens: number;
  /** Those of them that the vocabulary does not hold: to the model they are all one, and count as that. */
  readonly unknownTokens: number;
  /** Mean cross-entropy per token in nats. */
  readonly loss: number;
  /** The same in bits: bits per character where tokens are characters. */
  readonly bitsPerToken: number;
  /** e to the power of the loss. */
  readonly perplexity: number;
  /** Share of tokens that were the likeliest. */
  readonly accuracy: number;
}

/** Measures of a model that generates a sequence, each token predicted from the true ones before it (teacher forcing). */
export type SequenceEvaluation = LanguageEvaluation;

/** How far predicted numbers are from the true ones, as scikit-learn measures it. */
export interface NumberErrors {
  /** Mean of the squared differences, in squared units of the numbers. */
  readonly meanSquaredError: number;
  /** Mean of the absolute differences, in units of the numbers. */
  readonly meanAbsoluteError: number;
  /**
   * Coefficient of determination: the share of the true numbers' variance that is explained; 1 at best, 0 for always answering
   * their mean. Where they are all the same, 1 if every answer is right, else 0. NaN for fewer than two examples.
   */
  readonly r2: number;
}

/** Measures of a model of numbers. */
export interface NumberEvaluation extends NumberErrors {
  /** Examples measured. */
  readonly examples: number;
  /** Examples left out for an empty text (`emptyText: 'skip'`). */
  readonly skipped: number;
  /** Mean training loss per example: of standardised numbers, so that a squared error of 1 is that of always answering the training mean. */
  readonly loss: number;
  /** The same of always answering the mean of the training part: the baseline to beat. */
  readonly baseline: NumberErrors;
}

/** Results of evaluate by what a task learns. */
export interface Evaluations<Label extends string = string> {
  /** One label. */
  readonly label: Evaluation<Label>;
  /** A label for each step. */
  readonly labels: StepEvaluation<Label>;
  /** The next token. */
  readonly next: LanguageEvaluation;
  /** A text. */
  readonly sequence: SequenceEvaluation;
  /** A number. */
  readonly number: NumberEvaluation;
}
