/** Rows a panel shows before "All". */
export const TOP = 9;

/** Rows that a panel with a map asks for. More than there are countries: the map and the rows beside it are one question. */
export const COUNTRIES = 300;
