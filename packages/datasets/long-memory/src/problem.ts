// What a problem is: a way of making examples of about some length.
import type { DrawPosition, Example } from '@unrolled/core';

/** One example of a problem, but for its split. @param draws - where its random numbers stand. @param index - its number in the split, from 0. */
export type Problem = (length: number, draws: DrawPosition, index: number) => Example;
