// One row of CSV after RFC 4180.

/** Fields joined by commas; those that hold a comma, quote or line end are quoted. No line end at the end. */
export function csvLine(fields: readonly string[]): string {
  return fields.map((field) => (/[",\r\n]/.test(field) ? `"${field.replaceAll('"', '""')}"` : field)).join(',');
}
