// What TypeScript's DOM library does not declare yet.
interface Navigator {
  /** Global Privacy Control: the visitor's standing "do not sell or share my data". */
  readonly globalPrivacyControl?: boolean;
  /** Client hints, where the browser has them. */
  readonly userAgentData?: { getHighEntropyValues(hints: string[]): Promise<{ platformVersion?: string }> };
}
interface Document {
  /** True while the page is prerendered and nobody sees it. */
  readonly prerendering?: boolean;
}

/** Set by the build: true in the debugging script alone. */
declare const MILLRACE_DEBUG: boolean;
