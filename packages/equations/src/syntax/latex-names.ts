// Names as LaTeX symbols: `Wxh` is W with the subscript xh, `beta1` is β with the subscript 1, `x̂` is x under a hat.

/** A name taken apart. */
export interface LatexSymbol {
  /** The symbol itself as LaTeX, primes included. */
  readonly base: string;
  /** What stands below it, each as LaTeX. */
  readonly subscripts: readonly string[];
  /** Whether something stands above it already. */
  readonly raised: boolean;
}

const lowerGreek =
  'alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi omicron pi rho sigma tau upsilon phi chi psi omega'.split(
    ' ',
  );
const greekLetters: Readonly<Record<string, string>> = {
  ...Object.fromEntries([...'αβγδεζηθικλμνξοπρστυφχψω'].map((letter, k) => [letter, `\\${lowerGreek[k]}`])),
  ...Object.fromEntries([...'ΓΔΘΛΞΠΣΥΦΨΩ'].map((letter) => [letter, `\\${capitalGreek(letter)}`])),
  ...Object.fromEntries([...'ΑΒΕΖΗΙΚΜΝΟΡΤΧ'].map((letter, k) => [letter, `\\mathrm{${'ABEZHIKMNOPTX'[k]}}`])),
  ο: 'o',
  ε: '\\varepsilon',
  φ: '\\varphi',
  ϵ: '\\epsilon',
  ϕ: '\\phi',
  ϑ: '\\vartheta',
  ϖ: '\\varpi',
  ϱ: '\\varrho',
  ς: '\\varsigma',
  ℓ: '\\ell',
};

function capitalGreek(letter: string): string {
  const names = 'Gamma Delta Theta Lambda Xi Pi Sigma Upsilon Phi Psi Omega'.split(' ');
  return names['ΓΔΘΛΞΠΣΥΦΨΩ'.indexOf(letter)] as string;
}

/** Greek letters spelt out. */
const greekNames: Readonly<Record<string, string>> = {
  ...Object.fromEntries(lowerGreek.map((name) => [name, name === 'omicron' ? 'o' : `\\${name}`])),
  ...Object.fromEntries([...'ΓΔΘΛΞΠΣΥΦΨΩ'].map((letter) => [capitalGreek(letter), `\\${capitalGreek(letter)}`])),
};

/** Marks above a letter, by the combining character. */
const accents: Readonly<Record<string, string>> = {
  '\u0300': 'grave',
  '\u0301': 'acute',
  '\u0302': 'hat',
  '\u0303': 'tilde',
  '\u0304': 'bar',
  '\u0306': 'breve',
  '\u0307': 'dot',
  '\u0308': 'ddot',
  '\u030c': 'check',
  '\u20d7': 'vec',
};

/** Mathematical alphabets of Unicode and the commands that print them. */
const alphabets: readonly (readonly [RegExp, string])[] = [
  [/[𝐀-𝐳]/u, 'mathbf'],
  [/[𝒜-𝒵ℬℰℱℋℐℒℳℛ]/u, 'mathcal'],
  [/[𝔸-𝕐ℂℍℕℙℚℝℤ]/u, 'mathbb'],
  [/[𝔄-𝔷ℭℌℑℜℨ]/u, 'mathfrak'],
];

const primes: Readonly<Record<string, string>> = { '′': "'", '″': "''", '‴': "'''" };
const lowered = /[₀-₉ₐ-ₜᵢᵣᵤᵥⱼᵦᵧᵨᵩᵪ]/u;
/** Symbols by convention: a capital with up to three letters behind it (`Wxh`), b with one or two, any two letters. */
const symbolWithSubscript = /^(?:[A-Z][A-Za-z0-9]{1,3}|b[a-z]{1,2}|[a-z][a-zA-Z])$/;

/** Takes a name apart: symbol, subscripts, primes. */
export function latexSymbol(name: string): LatexSymbol {
  const plain = [...name].filter((character) => primes[character] === undefined);
  const above = [...name].map((character) => primes[character] ?? '').join('');
  const below = plain.filter((character) => lowered.test(character));
  const text = plain.filter((character) => !lowered.test(character)).join('');
  const [, leading = '', word = '', rest = ''] = /^(_*)([^_]*)(.*)$/su.exec(text) ?? [];
  const symbol =
    leading === '' ? splitWord(word) : { base: `${'\\_'.repeat(leading.length)}${latexWord(word)}`, below: '' };
  const subscripts = [symbol.below, ...rest.split('_').map(latexWord), latexWord(below.join('').normalize('NFKC'))];
  return {
    base: `${symbol.base}${above}`,
    subscripts: subscripts.filter((part) => part !== ''),
    raised: above !== '',
  };
}

/** A name as one piece of LaTeX. */
export function latexName(name: string): string {
  const { base, subscripts } = latexSymbol(name);
  return subscripts.length === 0 ? base : `${base}_${script(subscripts.join(','))}`;
}

/** LaTeX as the argument of `_` or `^`: in braces unless it is one character. */
export function script(latex: string): string {
  return /^[A-Za-z0-9]$/.test(latex) ? latex : `{${latex}}`;
}

/** The symbol at the start of a word and what belongs below it. */
function splitWord(word: string): { readonly base: string; readonly below: string } {
  const [, stem = word, digits = ''] = /^(.*[^0-9])([0-9]+)$/su.exec(word) ?? [];
  const letters = clusters(word);
  const [first = '', ...rest] = letters;
  if (greekNames[stem] === undefined && symbolWithSubscript.test(letters.map((letter) => letter.charAt(0)).join('')))
    return { base: latexLetter(first), below: joined(rest) };
  return { base: latexWord(stem), below: digits };
}

/** A whole word: a Greek letter's name, one letter, or upright text. */
function latexWord(word: string): string {
  if (Object.hasOwn(greekNames, word)) return greekNames[word] as string;
  if (/^[0-9]*$/.test(word)) return word;
  const letters = clusters(word);
  if (letters.length === 1) return latexLetter(word);
  if (/^[A-Za-z0-9]+$/.test(word)) return `\\mathrm{${word}}`;
  return joined(letters);
}

/** Letters side by side; a command's name must not run into the next letter. */
function joined(letters: readonly string[]): string {
  return letters.map(latexLetter).reduce((before, next) => {
    const runsInto = /\\[A-Za-z]+$/.test(before) && /^[A-Za-z]/.test(next);
    return `${before}${runsInto ? ' ' : ''}${next}`;
  }, '');
}

/** One letter with its marks; what LaTeX has no symbol for stands as text. */
function latexLetter(cluster: string): string {
  const [letter = '', ...marks] = cluster.normalize('NFD');
  const names = marks.map((mark) => accents[mark]);
  const base = latexBase(letter);
  if (base === undefined || names.includes(undefined))
    return `\\text{${[latinLetter(letter) ?? letter, ...marks].join('').normalize('NFC')}}`;
  return names.reduce<string>((inner, accent) => `\\${accent}{${inner}}`, base);
}

/** One letter without marks, or undefined where LaTeX has none. */
function latexBase(letter: string): string | undefined {
  if (/^[A-Za-z0-9]$/.test(letter)) return letter;
  if (Object.hasOwn(greekLetters, letter)) return greekLetters[letter];
  const latin = latinLetter(letter);
  const alphabet = alphabets.find(([letters]) => letters.test(letter));
  return latin === undefined ? undefined : `\\${alphabet?.[1] ?? 'mathrm'}{${latin}}`;
}

/** The plain letter behind one of a mathematical alphabet, a raised or a full-width one. */
function latinLetter(letter: string): string | undefined {
  const plain = letter.normalize('NFKD');
  return /^[A-Za-z]$/.test(plain) ? plain : undefined;
}

/** Letters with the marks that belong to them. */
function clusters(word: string): readonly string[] {
  return word.normalize('NFD').match(/.\p{M}*/gsu) ?? [];
}
