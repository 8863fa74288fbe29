// A piece of text, perhaps changed on the way, that knows which units of the original each of its units came from.

/** Where the units of a changed text came from in the text before the change. */
export interface Origins {
  /** First unit of each unit's origin. */
  readonly starts: Int32Array;
  /** One past its last unit. */
  readonly ends: Int32Array;
}

/** Text with its way back to the original. */
export class Aligned {
  /** The text as it is now. */
  readonly text: string;
  readonly #parent: Aligned | undefined;
  readonly #offset: number;
  readonly #find: (() => Origins) | undefined;
  #origins: Origins | undefined;

  private constructor(text: string, offset: number, parent?: Aligned, find?: () => Origins) {
    this.text = text;
    this.#offset = offset;
    this.#parent = parent;
    this.#find = find;
  }

  /** A piece of the original that begins at `offset`. */
  static of(text: string, offset: number): Aligned {
    return new Aligned(text, offset);
  }

  /** A piece of this one. */
  slice(start: number, end: number): Aligned {
    if (start === 0 && end === this.text.length) return this;
    return new Aligned(this.text.slice(start, end), start, this);
  }

  /** This piece changed to `text`; `find` says where its units came from and runs only if somebody asks. */
  become(text: string, find: () => Origins): Aligned {
    return text === this.text ? this : new Aligned(text, 0, this, find);
  }

  /** First unit in the original of what unit `index` came from. */
  startAt(index: number): number {
    const before = this.#find ? (this.#known().starts[index] as number) : this.#offset + index;
    return this.#parent ? this.#parent.startAt(before) : before;
  }

  /** One past the last unit in the original of what unit `index` came from. */
  endAt(index: number): number {
    const before = this.#find ? (this.#known().ends[index] as number) : this.#offset + index + 1;
    return this.#parent ? this.#parent.endAt(before - 1) : before;
  }

  #known(): Origins {
    this.#origins ??= (this.#find as () => Origins)();
    return this.#origins;
  }
}

/** Builds a changed text piece by piece. */
export class Change {
  readonly #starts: number[] = [];
  readonly #ends: number[] = [];

  /** `units` new units that came from the old ones from `start` up to `end`. */
  add(units: number, start: number, end: number): void {
    for (let unit = 0; unit < units; unit++) {
      this.#starts.push(start);
      this.#ends.push(end);
    }
  }

  /** Old units that stay as they are. */
  keep(start: number, end: number): void {
    for (let unit = start; unit < end; unit++) this.add(1, unit, unit + 1);
  }

  /** Where all units came from. */
  origins(): Origins {
    return { starts: Int32Array.from(this.#starts), ends: Int32Array.from(this.#ends) };
  }
}

/** With `added` before it, which points at the first character. */
export function prepend(piece: Aligned, added: string): Aligned {
  return piece.become(added + piece.text, () => {
    const change = new Change();
    change.add(added.length, 0, (piece.text.codePointAt(0) as number) > 0xffff ? 2 : 1);
    change.keep(0, piece.text.length);
    return change.origins();
  });
}

/** With each match of `pattern` (flags g and u) replaced by `content`, which points at what it replaces. */
export function replaceAll(piece: Aligned, pattern: RegExp, content: string): Aligned {
  const { text } = piece;
  return piece.become(
    text.replace(pattern, () => content),
    () => {
      const change = new Change();
      let done = 0;
      for (const { 0: match, index } of text.matchAll(pattern)) {
        change.keep(done, index);
        done = index + match.length;
        // What is put where nothing was points at a neighbour.
        if (match) change.add(content.length, index, done);
        else if (index < text.length) change.add(content.length, index, index + 1);
        else change.add(content.length, index - 1, index);
      }
      change.keep(done, text.length);
      return change.origins();
    },
  );
}
