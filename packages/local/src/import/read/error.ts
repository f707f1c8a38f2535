/** The import cannot go on, for a reason that its user can do something about: said in one line, without a stack. */
export class ImportError extends Error {}
