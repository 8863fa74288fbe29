// Lines with two axes, as SVG.
import { linearScale, logScale, type Scale } from './scale.ts';
import { type Point, thin } from './thin.ts';

/** A line. */
export interface Line {
  readonly points: readonly Point[];
  /** How it looks: see page.css. */
  readonly look: 'now' | 'first' | 'between';
}

/** What a chart shows besides its lines. */
export interface ChartLabels {
  /** Under the horizontal axis. */
  readonly x: string;
  /** Whether the vertical axis is logarithmic; values of 0 then have no place. */
  readonly logarithmic: boolean;
}

const width = 640;
const height = 240;
const margin = { left: 52, right: 12, top: 10, bottom: 34 };
const mostPoints = 400;

/** Draws into `svg`; each call replaces what was there. @param says - what is seen, for those who don't see it. */
export function createLineChart(
  svg: SVGSVGElement,
  { x: xLabel, logarithmic }: ChartLabels,
): (lines: readonly Line[], says: string) => void {
  svg.setAttribute('viewBox', `0 0 ${width} ${height}`);
  return (lines, says) => {
    svg.setAttribute('aria-label', says);
    const drawable = lines.map(({ points, look }) => ({
      look,
      points: thin(points, mostPoints).filter(([, y]) => Number.isFinite(y) && (!logarithmic || y > 0)),
    }));
    const all = drawable.flatMap(({ points }) => points);
    if (all.length === 0) return svg.replaceChildren();
    const x = linearScale(Math.min(...all.map(([value]) => value)), Math.max(...all.map(([value]) => value)));
    const ys = all.map(([, value]) => value);
    const y = logarithmic ? logScale(Math.min(...ys), Math.max(...ys)) : linearScale(0, Math.max(...ys));
    svg.replaceChildren(
      ...axes(x, y, xLabel),
      ...drawable.map(({ points, look }) => element('path', { d: path(points, x, y), class: `line ${look}` })),
    );
  };
}

/** The line through `points`. */
function path(points: readonly Point[], x: Scale, y: Scale): string {
  return points.map(([a, b], i) => `${i === 0 ? 'M' : 'L'}${left(x.at(a))} ${top(y.at(b))}`).join('');
}

function axes(x: Scale, y: Scale, label: string): SVGElement[] {
  const [right, bottom] = [width - margin.right, height - margin.bottom];
  const across = y.ticks.flatMap((tick) => {
    const at = top(y.at(tick));
    return [
      element('line', { x1: margin.left, x2: right, y1: at, y2: at, class: 'grid' }),
      element('text', { x: margin.left - 6, y: at + 4, 'text-anchor': 'end' }, shown(tick)),
    ];
  });
  const along = x.ticks.map((tick) =>
    element('text', { x: left(x.at(tick)), y: bottom + 15, 'text-anchor': 'middle' }, shown(tick)),
  );
  return [...across, ...along, element('text', { x: right, y: height - 4, 'text-anchor': 'end' }, label)];
}

function left(share: number): number {
  return Number((margin.left + share * (width - margin.left - margin.right)).toFixed(1));
}

function top(share: number): number {
  return Number((height - margin.bottom - share * (height - margin.top - margin.bottom)).toFixed(1));
}

function shown(tick: number): string {
  if (tick === 0) return '0';
  return Math.abs(tick) >= 0.01 && Math.abs(tick) < 1e5 ? String(Number(tick.toPrecision(3))) : tick.toExponential(0);
}

function element(name: string, attributes: Readonly<Record<string, string | number>>, text = ''): SVGElement {
  const made = document.createElementNS('http://www.w3.org/2000/svg', name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, String(value));
  made.textContent = text;
  return made;
}
