// What a visitor can choose, and the check that says field by field what is wrong.

/** Cells, in the form's order. */
export const cells = ['vanilla-small', 'vanilla', 'lstm'] as const;
/** What the answer is read from. */
export const pools = ['last', 'mean'] as const;

/** What one training is made of. The same settings give the same numbers in any browser and in Node. */
export interface Settings {
  readonly cell: (typeof cells)[number];
  readonly pool: (typeof pools)[number];
  readonly units: number;
  readonly learningRate: number;
  readonly epochs: number;
  readonly seed: number;
  /** How many of the training reviews to take. */
  readonly reviews: number;
}

/** What the form begins with. */
export const defaults: Settings = {
  cell: 'vanilla-small',
  pool: 'last',
  units: 64,
  learningRate: 0.001,
  epochs: 3,
  seed: 1,
  reviews: 8467,
};

/** What is wrong, by field. */
export type Faults = Readonly<Partial<Record<keyof Settings, string>>>;

/** Reads fields as they were typed. */
export function readSettings(
  typed: Readonly<Partial<Record<keyof Settings, string>>>,
): Settings | { readonly faults: Faults } {
  const faults: Partial<Record<keyof Settings, string>> = {};
  const given = (field: keyof Settings): string => typed[field]?.trim() ?? '';
  const among = <const T extends string>(field: keyof Settings, names: readonly T[]): T => {
    const found = names.find((name) => name === given(field));
    if (found === undefined) faults[field] = `Choose one of ${names.join(', ')}.`;
    return found as T;
  };
  const whole = (field: keyof Settings, least: number, most: number): number => {
    const value = numberOf(given(field));
    if (!(Number.isSafeInteger(value) && value >= least && value <= most))
      faults[field] = `Give a whole number from ${shown(least)} to ${shown(most)}${butGot(given(field))}.`;
    return value;
  };
  const rate = numberOf(given('learningRate'));
  if (!(rate > 0 && rate <= 1))
    faults.learningRate = `Give a number above 0 and at most 1, such as 0.001${butGot(given('learningRate'))}.`;
  const settings: Settings = {
    cell: among('cell', cells),
    pool: among('pool', pools),
    units: whole('units', 1, 512),
    learningRate: rate,
    epochs: whole('epochs', 1, 50),
    seed: whole('seed', 0, Number.MAX_SAFE_INTEGER),
    reviews: whole('reviews', 100, defaults.reviews),
  };
  return Object.keys(faults).length > 0 ? { faults } : settings;
}

/** An empty field is no 0. */
function numberOf(typed: string): number {
  return typed === '' ? Number.NaN : Number(typed);
}

function butGot(typed: string): string {
  return typed === '' ? '' : `, not ${typed.slice(0, 30)}`;
}

function shown(value: number): string {
  return value.toLocaleString('en');
}
