// A fresh process: compiles a network of two layers, takes its first training step, and says how long that took.
const began = performance.now();
const { compile } = await import('../ours.ts');
const { writeFirstWeights } = await import('../src/compiled.ts');
const { classifier, lstmOf, vectors } = await import('../src/networks.ts');
const { vectorBatch } = await import('../src/batches.ts');
const { cores } = await import('../src/cores.ts');
const imported = performance.now();

const shape = { batch: 32, steps: 50, inputs: 32, units: 64 };
const network = classifier(vectors(shape.inputs), [lstmOf(shape.units), lstmOf(shape.units)]);
const batch = vectorBatch(shape);
const ready = performance.now();
let used = process.cpuUsage();
const executable = await compile(network, { threads: cores });
const compiledAt = performance.now();
let processor = spent();
await writeFirstWeights(executable);
const written = performance.now();
used = process.cpuUsage();
await step(0);
const stepped = performance.now();
processor += spent();
await step(1);
const again = performance.now();

process.stdout.write(
  JSON.stringify({
    processor,
    imports: imported - began,
    compile: compiledAt - ready,
    weights: written - compiledAt,
    firstStep: stepped - written,
    secondStep: again - stepped,
  }),
);
executable.dispose();

function step(update: number): Promise<unknown> {
  const state = executable.initialState(shape.batch);
  return executable.trainStep(batch, state, { key: { seed: 1, update }, learningRate: 0.001 });
}

/** Milliseconds of processors since `used`. */
function spent(): number {
  const { user, system } = process.cpuUsage(used);
  return (user + system) / 1000;
}
