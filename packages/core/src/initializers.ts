// Initializers as plain data, as cells name them: `parameters: { Wxh: glorotUniform(), bh: zeros() }`.
import type { Initializer } from './contracts/network.ts';

/** All zeros. */
export const zeros = (): Initializer => ({ init: 'zeros' });
/** All ones. */
export const ones = (): Initializer => ({ init: 'ones' });
/** One value everywhere. */
export const constant = (value: number): Initializer => ({ init: 'constant', value });
/** Ones on the diagonal (Le, Jaitly and Hinton 2015 start the recurrent weights so). */
export const identity = (): Initializer => ({ init: 'identity' });
/** Uniform between two bounds. */
export const uniform = (minimum = -0.05, maximum = 0.05): Initializer => ({ init: 'uniform', minimum, maximum });
/** Normal. */
export const normal = (mean = 0, deviation = 0.05): Initializer => ({ init: 'normal', mean, deviation });
/** Uniform ±gain·√(6 / (fan in + fan out)) (Glorot and Bengio 2010). */
export const glorotUniform = (gain = 1): Initializer => ({ init: 'glorot-uniform', gain });
/** Normal with deviation gain·√(2 / (fan in + fan out)) (Glorot and Bengio 2010). */
export const glorotNormal = (gain = 1): Initializer => ({ init: 'glorot-normal', gain });
/** Uniform ±gain·√(6 / fan in) (He et al. 2015). */
export const heUniform = (gain = 1): Initializer => ({ init: 'he-uniform', gain });
/** Normal with deviation gain·√(2 / fan in) (He et al. 2015). */
export const heNormal = (gain = 1): Initializer => ({ init: 'he-normal', gain });
/** Orthonormal rows or columns, times gain (Saxe, McClelland and Ganguli 2014). */
export const orthogonal = (gain = 1): Initializer => ({ init: 'orthogonal', gain });
