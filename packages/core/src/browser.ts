// The browser entry, @unrolled/core/browser: models from URLs.
export { loadUrl } from './browser/load-url.ts';
