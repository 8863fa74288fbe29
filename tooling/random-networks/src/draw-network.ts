// Draws whole networks: inputs, layers in any direction, heads that pool or answer at each step, losses.
import type { EquationModule, InputDescription, LayerDescription, NetworkDescription } from '@unrolled/core';
import { buildNetwork, EquationError } from '@unrolled/equations';
import { type Draw, type DrawOptions, ModuleDraw } from './draw-module.ts';

/** A network that compiles. Where its parameters' shapes follow from use they are not declared. */
export function drawNetwork(g: Draw, streams = false): NetworkDescription {
  const modest = drawWith(g, { declares: false, streams });
  try {
    buildNetwork(modest);
    return modest;
  } catch (error) {
    // Equations need not settle every shape; then all are declared.
    if (!(error instanceof EquationError && /settles the shape/.test(error.message))) throw error;
    return drawWith(g, { declares: true, streams });
  }
}

function drawWith(g: Draw, options: DrawOptions): NetworkDescription {
  const draw = new ModuleDraw(g, options);
  const { input, size } = drawInput(g, options);
  let features = size;
  const layers = Array.from({ length: draw.pick([1, 1, 1, 2]) }, (): LayerDescription => {
    const { module, units } = drawCell(g, options, features);
    const direction = options.streams ? 'forward' : draw.pick(['forward', 'forward', 'backward', 'both'] as const);
    features = direction === 'both' ? 2 * units : units;
    const dropout = draw.pick([{}, {}, { input: 0.25 }, { inputSequence: 0.5 }, { output: 0.5, input: 0.1 }]);
    return { module, direction, dropout };
  });
  const classes = draw.pick([1, 2, 3]);
  const per = draw.pick(['sequence', 'sequence', 'step'] as const);
  const kind = draw.pick(['class', 'values'] as const);
  return {
    language: 1,
    input,
    layers,
    output: drawHead(g, options, features, classes, per),
    loss: drawLoss(g, classes),
    target: { kind, size: classes, per },
  };
}

function drawInput(g: Draw, options: DrawOptions): { readonly input: InputDescription; readonly size: number } {
  const draw = new ModuleDraw(g, options);
  const size = draw.size();
  if (draw.chance(50)) return { input: { kind: 'vectors', size }, size };
  if (draw.chance(40)) return { input: { kind: 'ids', vocabulary: size }, size };
  const kind = draw.pick(['ids', 'vectors'] as const);
  const output = draw.size();
  draw.input('x', [size], 'step');
  draw.step('e', [output], 't', true);
  const module = draw.module('input', 'e');
  const input: InputDescription = kind === 'ids' ? { kind, vocabulary: size, module } : { kind, size, module };
  return { input, size: output };
}

function drawCell(
  g: Draw,
  options: DrawOptions,
  features: number,
): { readonly module: EquationModule; readonly units: number } {
  const draw = new ModuleDraw(g, options);
  const units = draw.size();
  draw.input('x', [features], 'step');
  if (draw.chance(30)) draw.step('k', draw.shape(), 's', true);
  if (!options.streams && draw.chance(15)) draw.bare('q', draw.shape());
  const memory = draw.chance(40) ? draw.pick([[], [draw.size()], [draw.size(), draw.size()]]) : undefined;
  draw.state('h', [units]);
  if (memory) draw.state('c', memory);
  if (draw.chance(50)) draw.step('z', draw.shape());
  const attends = !options.streams && draw.chance(30);
  if (attends) draw.attention('m', draw.pair('e', draw.shape()));
  if (memory) draw.step('c', memory);
  draw.step('h', [units], 't', false, attends ? 'm' : undefined);
  draw.finishLoop();
  if (!draw.chance(30)) return { module: draw.module('cell', 'h', units), units };
  draw.step('o', [units]);
  return { module: draw.module('cell', 'o', units), units };
}

function drawHead(
  g: Draw,
  options: DrawOptions,
  features: number,
  size: number,
  per: 'step' | 'sequence',
): EquationModule {
  const draw = new ModuleDraw(g, options);
  draw.input('h', [features], 'step');
  const remembers = draw.chance(15);
  if (remembers) {
    draw.state('r', [2]);
    draw.step('r', [2]);
    draw.finishLoop();
  }
  if (draw.chance(30)) draw.step('z', draw.shape(), 't', !remembers);
  const attends = !options.streams && draw.chance(30);
  if (attends) draw.attention('m', draw.pair('e', draw.shape()));
  draw.finishLoop();
  if (per === 'step') draw.step('y', [size], 't', false, attends ? 'm' : undefined);
  else {
    if (draw.chance(50)) draw.bare('p', draw.shape());
    draw.bare('y', [size]);
  }
  return draw.module('head', 'y');
}

function drawLoss(g: Draw, size: number): EquationModule {
  const draw = new ModuleDraw(g, { declares: true, streams: true });
  const equations = draw.pick([
    'loss = logSumExp(y) - y · target',
    'loss = mean(softplus(y) - y ⊙ target)',
    'loss = sum((y - target)^2)',
    'd = y - target\nloss = max(abs(d)) + mean(where(d > 0, d * d, 0.5 * d))',
    `loss = sum(sin([y; target])[0:${size}] * target) - min(y)`,
  ]);
  return { ...draw.module('loss', 'loss'), equations, sizes: {}, constants: {} };
}
