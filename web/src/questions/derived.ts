// Rows that are not the values of one property, which few look at: together they are one small file.
export { directories } from "./directories.ts";
export { exits } from "./exits.ts";
