/**
 * Makes something once for each text that it follows from. An Intl formatter costs more to make than to use a thousand times, and the
 * parts of a page want the same ones.
 */
export function keptBy<T>(make: (text: string) => T): (text: string) => T {
  const made = new Map<string, T>();
  return (text) => {
    const known = made.get(text);
    if (known !== undefined) return known;
    const fresh = make(text);
    made.set(text, fresh);
    return fresh;
  };
}

/** A formatter of dates; the same one for the same options. */
export function dateFormat(locale: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  return dateFormats(JSON.stringify([locale, options]));
}

const dateFormats = keptBy((text) => {
  const [locale, options] = JSON.parse(text) as [string, Intl.DateTimeFormatOptions];
  return new Intl.DateTimeFormat(locale, options);
});
