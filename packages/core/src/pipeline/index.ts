// Pipelines: fit, evaluate, predict, save.
export { type Breathe, createBreathe } from './breathe.ts';
export { BOUNDARY } from './codes.ts';
export { createPipeline } from './create-pipeline.ts';
export { describeNetwork } from './describe-network.ts';
export type { Examples } from './examples.ts';
export type * from './metrics/evaluation.ts';
export type { NumberScale } from './number-scale.ts';
export { chooseObjective, type Objective } from './objective.ts';
export type * from './progress.ts';
export { type AskedToStop, type Run, type RunControl, startRun } from './run.ts';
export type { CheckpointSettings, EarlyStopping, FitSettings } from './settings.ts';
export type * from './types.ts';
