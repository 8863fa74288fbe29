// Takes accents off letters of scripts that write accents, and leaves the marks that other scripts write vowels with.

/**
 * `text` without the marks on Latin and Greek letters, in Unicode form NFC: `São` → `Sao`, `ΐ` → `ι`. Letters of their own stay
 * (`ø`, `ł`, `đ`, `ß`, `æ`), and so do the marks of other scripts, which change what is said: `й`, `ё`, `が`, `हि`.
 */
export function foldAccents(text: string): string {
  if (!/[^\0-\x7f]/.test(text)) return text;
  return text
    .normalize('NFD')
    .replace(/([\p{Script=Latin}\p{Script=Greek}])\p{M}+/gu, '$1')
    .normalize('NFC');
}
