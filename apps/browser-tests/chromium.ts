// Where Chromium is: Debian's package, unless CHROMIUM says otherwise.

/** Path of the browser's program. */
export const chromium: string = process.env.CHROMIUM ?? '/usr/bin/chromium';
