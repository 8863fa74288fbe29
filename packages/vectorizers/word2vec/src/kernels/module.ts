// The WebAssembly module of one training: sift and train.
import { ModuleBuilder } from '@unrolled/wasm';
import { deterministicFunction } from './deterministic.ts';
import { hogwildFunction } from './hogwild.ts';
import type { Layout, Plan } from './layout.ts';
import { partsOf } from './shared.ts';
import { siftFunction } from './sift.ts';

/** Builds the module, for a memory of so many pages. */
export function buildModule(plan: Plan, layout: Layout, memory: { readonly pages: number; readonly shared: boolean }) {
  const { pages, shared } = memory;
  const module = new ModuleBuilder({
    memory: { minimum: pages, maximum: pages, shared, import: { module: 'env', name: 'memory' } },
  });
  siftFunction(module, plan, layout);
  const parts = partsOf(module, plan, layout);
  if (plan.parallel === 'deterministic') deterministicFunction(module, parts);
  else hogwildFunction(module, parts);
  return module;
}
