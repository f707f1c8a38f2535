import { createProjects, type ProjectKeys } from "../product/tenants.ts";
import { createBook, type Book } from "./reconcile.ts";

/** One project of the campaign, and the book of its events. */
export interface Tenant extends ProjectKeys {
  readonly book: Book;
}

/** Makes projects in a data folder that no server uses yet. */
export async function createTenants(folder: string, names: readonly string[]): Promise<Tenant[]> {
  return (await createProjects(folder, names)).map((keys) => ({ ...keys, book: createBook() }));
}
