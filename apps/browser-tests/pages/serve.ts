// A server of files for tests: no bundling, no rewriting.
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join, normalize } from 'node:path';

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
};

/** With these a page is cross-origin isolated and has SharedArrayBuffer. */
export const isolation: Readonly<Record<string, string>> = {
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-embedder-policy': 'require-corp',
};

/** A server that runs. */
export interface Served {
  /** `http://127.0.0.1:PORT` */
  readonly origin: string;
  readonly close: () => void;
}

/** Serves the files below `roots`; the first that has one gives it. @param headers - sent with every file. */
export async function serve(roots: readonly string[], headers: Readonly<Record<string, string>> = {}): Promise<Served> {
  const server = createServer(async (request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://localhost');
    const path = normalize(decodeURIComponent(pathname));
    const found = await Promise.all(roots.map((root) => readFile(join(root, path)).catch(() => undefined)));
    const bytes = found.find((each) => each !== undefined);
    const type = types[extname(path)] ?? 'application/octet-stream';
    response.writeHead(bytes ? 200 : 404, { ...headers, 'content-type': type }).end(bytes);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return { origin: `http://127.0.0.1:${port}`, close: () => server.close() };
}
