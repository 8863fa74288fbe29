// Finds the ```ts blocks of a Markdown page or of a source file's doc comments.

/** One fenced block. */
export interface Block {
  /** Line of the opening fence, from 1. */
  readonly line: number;
  /** Its lines, the comment's ` * ` taken off. */
  readonly body: readonly string[];
  /** False for ```ts no-run, which is only type-checked. */
  readonly run: boolean;
}

/** Every ```ts block of `text`; `path` tells Markdown from TypeScript. */
export function blocksOf(path: string, text: string): Block[] {
  const found: Block[] = [];
  let open: { line: number; body: string[]; run: boolean; ts: boolean } | undefined;
  for (const [index, raw] of text.split('\n').entries()) {
    const line = path.endsWith('.md') ? raw : raw.replace(/^\s*\* ?/, '');
    const fence = /^```(\w*)(.*)$/.exec(line);
    if (!fence) open?.body.push(line);
    else if (!open) {
      const run = !fence[2]?.includes('no-run');
      open = { line: index + 1, body: [], run, ts: fence[1] === 'ts' };
    } else {
      if (open.ts) found.push({ line: open.line, body: open.body, run: open.run });
      open = undefined;
    }
  }
  return found;
}
