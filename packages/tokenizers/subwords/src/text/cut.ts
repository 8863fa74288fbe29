// Cuts text at the matches of a pattern, in the ways that a tokenizer.json can ask for.

/** Calls `emit` with the start and the end of each piece, in order; no piece is empty. */
export type Cut = (text: string, emit: (start: number, end: number) => void) => void;

/** What becomes of the matches. */
export const behaviors = ['Removed', 'Isolated', 'MergedWithPrevious', 'MergedWithNext', 'Contiguous'] as const;
/** What becomes of the matches. */
export type Behavior = (typeof behaviors)[number];

/** Cuts at the matches of `pattern` (flags g and u); `invert` takes what is between them for the matches. */
export function cutAt(pattern: RegExp, behavior: Behavior, invert = false): Cut {
  const cutters: Readonly<Record<Behavior, (emit: Emit) => Joiner>> = {
    Removed: removed,
    Isolated: isolated,
    MergedWithPrevious: mergedWithPrevious,
    MergedWithNext: mergedWithNext,
    Contiguous: contiguous,
  };
  return (text, emit) => {
    const joiner = cutters[behavior](emit);
    eachPart(text, pattern, (start, end, matched) => joiner.part(start, end, matched !== invert));
    joiner.end();
  };
}

type Emit = (start: number, end: number) => void;

/** Takes matches and what is between them in order, and gives pieces. */
interface Joiner {
  readonly part: (start: number, end: number, matched: boolean) => void;
  readonly end: () => void;
}

function eachPart(text: string, pattern: RegExp, part: (start: number, end: number, matched: boolean) => void): void {
  let done = 0;
  pattern.lastIndex = 0;
  for (let match = pattern.exec(text); match; match = pattern.exec(text)) {
    const { index } = match;
    const end = index + match[0].length;
    if (end === index) {
      pattern.lastIndex += (text.codePointAt(index) ?? 0) > 0xffff ? 2 : 1;
      continue;
    }
    if (done < index) part(done, index, false);
    part(index, end, true);
    done = end;
  }
  if (done < text.length) part(done, text.length, false);
}

const nothing = (): void => {};

function removed(emit: Emit): Joiner {
  return { part: (start, end, matched) => !matched && emit(start, end), end: nothing };
}

function isolated(emit: Emit): Joiner {
  return { part: (start, end) => emit(start, end), end: nothing };
}

/** Keeps a piece open that the next part may go on. */
function joining(emit: Emit, goesOn: (matched: boolean, before: boolean) => boolean): Joiner {
  let [open, until, before] = [-1, -1, false];
  const close = (): void => {
    if (open >= 0) emit(open, until);
  };
  return {
    part: (start, end, matched) => {
      if (open < 0 || !goesOn(matched, before)) {
        close();
        open = start;
      }
      until = end;
      before = matched;
    },
    end: close,
  };
}

function mergedWithPrevious(emit: Emit): Joiner {
  return joining(emit, (matched, before) => matched && !before);
}

function mergedWithNext(emit: Emit): Joiner {
  return joining(emit, (matched, before) => !matched && before);
}

function contiguous(emit: Emit): Joiner {
  return joining(emit, (matched, before) => matched === before);
}
