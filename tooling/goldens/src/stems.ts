// Stems of words of many languages by the Snowball project's own package.
import file from '../data/stems.json' with { type: 'json' };

/** Words of one language. */
export interface StemCase {
  /** The language, as the tokenizer of stems names it. */
  readonly name: string;
  /** By word. */
  readonly stems: Readonly<Record<string, string>>;
}

/** Some 60 words of each language. */
export function stemCases(): readonly StemCase[] {
  return file.cases as readonly StemCase[];
}
