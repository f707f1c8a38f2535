/**
 * What the page and the frame in it say to each other. Each looks at where a message comes from before it reads it. Types alone: the element's
 * script is one file, which a page of another origin can load without asking for a second.
 */
export type ToFrame =
  /** The page is there: whoever sent this is answered, if the token lists its origin. */
  | { readonly type: "millrace:hello" }
  /** A newer token. */
  | { readonly type: "millrace:token"; readonly token: string };

export type ToPage =
  /** The frame listens. Sent to whoever holds it, and says nothing. */
  | { readonly type: "millrace:ready" }
  /** CSS pixels that the content needs. */
  | { readonly type: "millrace:height"; readonly height: number }
  /** The token ends soon. */
  | { readonly type: "millrace:renew" };
