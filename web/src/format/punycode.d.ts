/** The package brings no types. */
declare module "punycode/punycode.es6.js" {
  /** The host with its `xn--` labels decoded. @throws RangeError for what is no Punycode */
  export function toUnicode(host: string): string;
}
