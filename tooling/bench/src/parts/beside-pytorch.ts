// What the parts share that compare an epoch of a pipeline with PyTorch: the processes, and their times side by side.
import type { Settings } from '../arguments.ts';
import { asleep } from '../contenders.ts';
import type { Measured } from '../rounds.ts';
import type { Prepared, Server } from '../server.ts';
import { measureAll, type Result, resultOf, type Started, start } from './part.ts';

/** The processes: ours, and PyTorch's that spins while it waits and that sleeps. */
export interface Sides {
  readonly own: Server;
  readonly pytorch: Started;
  readonly sleeping: Started;
}

/** Starts the processes, gives them to `use`, and ends them. */
export async function besidePytorch<T>(settings: Settings, use: (sides: Sides) => Promise<T>): Promise<T> {
  const [own, pytorch, sleeping] = await Promise.all([
    start({}, settings),
    start({ peer: 'pytorch' }, settings),
    start({ peer: 'pytorch', env: asleep }, settings),
  ]);
  try {
    if (!own.server) throw new Error(own.skipped);
    return await use({ own: own.server, pytorch, sleeping });
  } finally {
    await Promise.all([own, pytorch, sleeping].map(({ server }) => server?.stop()));
  }
}

/** Measures works of ours, and one of PyTorch's both ways, in turn. */
export async function measureBeside(
  { own, pytorch, sleeping }: Sides,
  works: Readonly<Record<string, Prepared>>,
  theirs: { readonly work: string; readonly given: unknown },
  settings: Settings,
): Promise<readonly Result[]> {
  const ready = Object.entries(works).map(([name, prepared]) => ({ name, version: own.version, prepared }));
  for (const [name, { server }] of Object.entries({
    'PyTorch, training steps': pytorch,
    'the same, waiting asleep': sleeping,
  }))
    if (server)
      ready.push({ name, version: server.version, prepared: await server.prepare(theirs.work, theirs.given) });
  const measured = await measureAll(
    ready.map(({ prepared }) => prepared),
    settings,
  );
  const results = ready.map(
    ({ name, version }, at): Result => ({ name, version, ...resultOf(measured[at] as Measured) }),
  );
  return pytorch.server ? results : [...results, { name: 'PyTorch', skipped: pytorch.skipped ?? '' }];
}
