// What the page's worker can build: every default plug-in, and the page's own cell.
import { type DefaultPlugin, type Registry, registry } from 'unrolled';
import { vanillaSmall } from './vanilla-small.ts';

/** Plug-ins of this page. */
export const pageRegistry: Registry<DefaultPlugin | typeof vanillaSmall> = registry.with([vanillaSmall]);
