// node tooling/tfjs-node/verify.mjs: multiplies two matrices with what was built, and prints what it is.
import { loadUnchecked } from './load.mjs';

const tf = loadUnchecked();
const size = 256;
const of = (value) => tf.fill([size, size], value);
const product = tf.matMul(of(0.5), of(3)).dataSync();
const wrong = product.find((value) => value !== size * 1.5);
if (wrong !== undefined) throw new Error(`A product of matrices gave ${wrong}, not ${size * 1.5}.`);
console.log(`tfjs ${tf.version.tfjs} on TensorFlow ${tf.backend().binding.TF_Version}`);
