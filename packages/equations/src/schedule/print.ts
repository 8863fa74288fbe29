// A schedule as text: one line for each piece of work, and what shares memory.
import type { Node } from './nodes.ts';
import { loopOf } from './nodes.ts';
import type { Item } from './order.ts';
import type { Schedule } from './schedule.ts';
import type { Access, Home } from './storage.ts';

/**
 * Prints a schedule for people: its phases with a line for each piece of work, then its buffers.
 *
 * `b14.8[t]` is buffer 14 from its number 8 on, in the row of the step; `[b]` is the row of the sequence, `[s]` that of the
 * second index, `[t,s]` that of both; `∂` a gradient; `%39` a value that stays in a register. `+=` adds to what stands there,
 * `|` separates what one product or lookup computes side by side.
 */
export function printSchedule(schedule: Schedule): string {
  const lines: string[] = [];
  for (const [phase, items] of Object.entries(schedule.phases)) {
    if (items.length > 0)
      lines.push(`${titles[phase] ?? phase}:`, ...items.flatMap((item) => lineOf(item, schedule, '  ')));
  }
  for (const { id, extent, width, lasting } of schedule.buffers)
    lines.push(`buffer b${id}: ${width} numbers for each ${perRow[extent]}${lasting ? ', kept until the end' : ''}`);
  return lines.join('\n');
}

const titles: Readonly<Record<string, string>> = {
  shared: 'once, before the rows',
  row: 'for the rows of a shard',
  collected: 'once, summed over all rows',
  after: 'once, after the sums',
};

const perRow = { once: 'call', rows: 'sequence', steps: 'step', pairs: 'pair of steps' } as const;

function lineOf(item: Item, schedule: Schedule, indent: string): string[] {
  const [first] = item.nodes as [Node];
  if (first.kind === 'loop') {
    const reverse = schedule.nodes.scans[loopOf(first)]?.reverse;
    return [
      `${indent}for each step${reverse ? ', from the last to the first' : ''}:`,
      ...item.body.flatMap((inner) => lineOf(inner, schedule, `${indent}  `)),
    ];
  }
  const fused = first.kind === 'map' || first.kind === 'reduce';
  const parts = item.nodes.map((node) => partOf(node, schedule));
  if (!fused) return [indent + parts.join(' | ')];
  if (parts.length === 1) return [`${indent}fused: ${parts[0]}`];
  return [`${indent}fused:`, ...parts.map((part) => `${indent}  ${part}`)];
}

function partOf(node: Node, { nodes, storage }: Schedule): string {
  const name = (id: number): string => {
    const { kind, value, destination } = nodes.at(id);
    if (value.op === 'constant' && !destination) return `${value.value}`;
    const stored = kind === 'leaf' || kind === 'alias' || storage.isStored(nodes.at(id));
    return stored ? place(storage.access(id)) : `%${id}`;
  };
  const target = node.destination ? place(storage.destination(node)) : name(node.id);
  if (node.kind === 'product') {
    const terms = node.terms.map(
      ({ matrix, vector, transposed }) => `${name(matrix)}${transposed ? 'ᵀ' : ''} @ ${name(vector)}`,
    );
    return `${target} ${node.seed === undefined ? '=' : '+='} ${terms.join(' + ')}`;
  }
  const args = node.args.map(name).join(', ');
  if (node.destination) return `${target} = ${args}`;
  const along = 'along' in node.value && node.value.along !== 'units' ? ` over ${node.value.along}` : '';
  return `${target} = ${node.value.op}(${args})${along}`;
}

function place({ home, index }: Access): string {
  const at = { none: '', row: '[b]', time: '[t]', 'time*': '[s]', pair: '[t,s]' }[index];
  return `${homeName(home)}${at}`;
}

function homeName(home: Home): string {
  switch (home.in) {
    case 'buffer':
      return columnOf(`b${home.buffer.id}`, home.column);
    case 'parameter':
      return columnOf(home.name, home.column);
    case 'gradient':
      return columnOf(`∂${home.name}`, home.column);
    case 'constant':
      return `${home.value}`;
  }
}

/** A name, and from which number on. */
function columnOf(name: string, column: number): string {
  return column > 0 ? `${name}.${column}` : name;
}
