// The versions that a manifest names.

/** Version of the manifest's format. */
export const MANIFEST_FORMAT = 1;
/** Version of the equation language. */
export const LANGUAGE = 1;
