// The public face of @unrolled/tensorboard.
export { type TensorBoardOptions, tensorBoard } from './tensorboard.ts';
