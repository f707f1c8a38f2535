// What TypeScript's DOM library does not declare yet.
interface Navigator {
  /** Global Privacy Control: the visitor's standing "do not sell or share my data". */
  readonly globalPrivacyControl?: boolean;
}
interface Document {
  /** True while the page is prerendered and nobody sees it. */
  readonly prerendering?: boolean;
}
