// A small convolution over a picture that comes as one step: one layer sees each patch by itself, another sees them all.
import { type Cell, defineCell, defineOptions, heUniform, size, zeros } from '@unrolled/core';

/** Options of the layer of patches. */
export interface PatchesOptions {
  /** Size of what is seen in all patches together. */
  readonly units: number;
  /** Size of what is seen in a patch. */
  readonly features: number;
  /** Pixels along each side of a patch, of which a whole number covers a side of the picture. */
  readonly patch: number;
  /** Pixels along each side of the picture. */
  readonly side: number;
  /** Numbers of a pixel. */
  readonly channels: number;
}

/**
 * Reads a step that is a whole square picture, row by row: `x[t]` `[side × side × channels]` → `h[t]` `[units + features]`. What is seen
 * in each patch is found by the same weights wherever it stands, `f0[t] = relu(layerNorm(Wxf @ patch) + bf)`: a convolution with a
 * stride of its width. From all of it together comes `g[t] = relu(layerNorm(Wfg @ [f0[t]; …]) + bg)`, which knows where each thing
 * stands; it is joined with the mean of the patches, which knows only what there is, such as a colour.
 * Source: LeCun et al. 1989, with Nair and Hinton's units and Ba, Kiros and Hinton's normalisation.
 */
export const patches: Cell<'patches', PatchesOptions, 'steps'> = /* @__PURE__ */ defineCell({
  name: 'patches',
  package: '@unrolled/examples',
  source: 'LeCun et al. 1989, Backpropagation applied to handwritten zip code recognition',
  options: /* @__PURE__ */ defineOptions<PatchesOptions>({
    units: /* @__PURE__ */ size(256, 'Size of what is seen in all patches together'),
    features: /* @__PURE__ */ size(64, 'Size of what is seen in a patch'),
    patch: /* @__PURE__ */ size(8, 'Pixels along each side of a patch'),
    side: /* @__PURE__ */ size(32, 'Pixels along each side of the picture'),
    channels: /* @__PURE__ */ size(3, 'Numbers of a pixel'),
  }),
  equations: (options) => {
    const slices = slicesOf(options);
    const features = slices.map((_, index) => `f${index}[t]`);
    return [
      ...slices.map((patch, index) => `f${index}[t] = relu(layerNorm(Wxf @ [${patch.join('; ')}]) + bf)`),
      `g[t] = relu(layerNorm(Wfg @ [${features.join('; ')}]) + bg)`,
      `h[t] = [g[t]; (${features.join(' + ')}) / ${features.length}]`,
    ].join('\n');
  },
  output: 'h',
  parameters: (options) => ({
    Wxf: { shape: ['features', options.patch * options.patch * options.channels], init: heUniform() },
    bf: zeros(),
    Wfg: { shape: ['units', options.features * slicesOf(options).length], init: heUniform() },
    bg: zeros(),
  }),
});

/**
 * The slices of the picture that make up each patch, row of patches by row of patches. The very last has no upper bound, so that a
 * larger picture fits no better than a smaller one.
 */
function slicesOf({ patch, side, channels }: PatchesOptions): readonly (readonly string[])[] {
  const along = Array.from({ length: side / patch }, (_, index) => index * patch);
  const size = side * side * channels;
  return along.flatMap((top) =>
    along.map((left) =>
      Array.from({ length: patch }, (_, down) => {
        const start = ((top + down) * side + left) * channels;
        const end = start + patch * channels;
        return `x[t][${start}:${end < size ? end : ''}]`;
      }),
    ),
  );
}
