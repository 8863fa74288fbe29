// Finds the delimiter of a table from its header and first rows, quotes respected.
import { parse } from 'csv-parse/sync';

/** Delimiters that are looked for. */
export const DELIMITERS = { comma: ',', semicolon: ';', tab: '\t' } as const;

/** How quotes are read; see {@link readDelimited}. */
export type Quotes = 'auto' | 'strict' | 'none';

const ROWS = 50;

/**
 * The delimiter that splits the header and gives most rows as many fields as the header; a comma where none does.
 * @param sample - the beginning of the text, line ends unified; its last line may be cut off.
 */
export function detectDelimiter(sample: string, quotes: Quotes): string {
  let best = { delimiter: DELIMITERS.comma as string, agreement: 0, fields: 1 };
  for (const delimiter of Object.values(DELIMITERS)) {
    const counts = fieldCounts(sample, delimiter, quotesAreStrict(quotes, delimiter));
    const [fields = 1, ...rows] = counts;
    if (fields < 2) continue;
    const agreement = rows.length === 0 ? 1 : rows.filter((count) => count === fields).length / rows.length;
    const better = agreement > best.agreement || (agreement === best.agreement && fields > best.fields);
    if (better || best.fields < 2) best = { delimiter, agreement, fields };
  }
  return best.delimiter;
}

/** Whether quotes follow RFC 4180: by default they do, except in tab-separated text. */
export function quotesAreStrict(quotes: Quotes, delimiter: string): boolean {
  return quotes === 'strict' || (quotes === 'auto' && delimiter !== DELIMITERS.tab);
}

function fieldCounts(sample: string, delimiter: string, strict: boolean): number[] {
  const counts: number[] = [];
  try {
    parse(sample, {
      delimiter,
      quote: strict ? '"' : false,
      record_delimiter: '\n',
      relax_column_count: true,
      relax_quotes: true,
      skip_empty_lines: true,
      to: ROWS,
      on_record: (record: string[]) => {
        counts.push(record.length);
        return null;
      },
    });
  } catch {
    // A quote that is open where the sample ends: what was counted so far is enough.
  }
  if (counts.length > 1 && counts.length < ROWS) counts.pop(); // the sample may cut it off
  return counts;
}
