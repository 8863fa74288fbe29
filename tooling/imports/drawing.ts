// Draws the packages, a box for each kind, as SVG: an arrow points to what is imported.
import { instance } from '@viz-js/viz';
import { byCodeUnit } from '../source/workspace.ts';
import { type Graph, reduced } from './graph.ts';
import { kindOf } from './layers.ts';

/** The drawing as SVG text. Arrows that a longer path implies are left out. @param packages - by folder. */
export async function draw(packages: Graph): Promise<string> {
  const viz = await instance();
  const svg = viz.renderString(dot(packages), { format: 'svg' });
  // Without the prologue it can stand in a page; the other fonts have Helvetica's widths where it is not installed.
  return svg
    .replace(/^[\s\S]*?(<svg[^>]*>)/, '$1\n<title>Which packages of Unrolled import which</title>')
    .replaceAll('"Helvetica"', '"Helvetica,Arial,Liberation Sans,sans-serif"');
}

/** The same as text for Graphviz. */
export function dot(packages: Graph): string {
  const shown = [...packages.keys()].filter((folder) => !folder.startsWith('tooling/')).sort(byCodeUnit);
  const members = new Map<string, string[]>();
  for (const folder of shown) members.set(kindOf(folder), [...(members.get(kindOf(folder)) ?? []), folder]);
  const edges = [...reduced(boxGraph(packages, shown))].flatMap(([from, targets]) =>
    [...targets].sort(byCodeUnit).map((to) => `  "${from}" -> "${to}";`),
  );
  return [
    'digraph packages {',
    '  rankdir = LR; nodesep = 0.15; ranksep = 0.7; bgcolor = white; pad = 0.2;',
    '  node [shape = box, style = "rounded,filled", fillcolor = "#eef4fb", color = "#5b7fa6", fontname = Helvetica, fontsize = 11, margin = "0.25,0.08"];',
    '  edge [color = "#5b7fa6", arrowsize = 0.7];',
    ...[...members].map(([name, folders]) => `  "${name}" [label = <${label(name, folders)}>];`),
    ...edges,
    '}',
    '',
  ].join('\n');
}

function boxGraph(packages: Graph, shown: readonly string[]): Graph {
  const graph = new Map<string, Set<string>>(shown.map((folder) => [kindOf(folder), new Set()]));
  for (const from of shown)
    for (const to of packages.get(from) ?? [])
      if (kindOf(from) !== kindOf(to)) graph.get(kindOf(from))?.add(kindOf(to));
  return graph;
}

function label(name: string, folders: readonly string[]): string {
  const names = folders.filter((folder) => folder !== `packages/${name}`).map((folder) => folder.split('/').at(-1));
  return [`<b>${name}</b>`, ...names].join('<br/>');
}
