import * as z from "zod";
import { rowsOfList } from "../fit.ts";
import type { Tool } from "./tool.ts";

const none = z.object({});

export const listCollections: Tool<z.output<typeof none>> = {
  name: "list_collections",
  title: "List event collections",
  description: "The event collections of this project, with the number of properties each has. Begin here.",
  input: none,
  run: (api, _input, signal) => api.get("/events", signal),
  shape: (value) =>
    (value as Schema[]).map(({ name, properties }) => ({ name, properties: Object.keys(properties).length })),
  rowsOf: rowsOfList,
  advice: "Ask describe_collection about one you know by name.",
};

const which = z.object({
  event_collection: z.string(),
  containing: z.string().optional().describe("Only properties whose name contains this text."),
});

export const describeCollection: Tool<z.output<typeof which>> = {
  name: "describe_collection",
  title: "Describe an event collection",
  description:
    "The properties of one collection with their types. Names that begin with $ are standard fields, such as $page.path, $visit.channel or $geo.country.",
  input: which,
  run: (api, { event_collection }, signal) => api.get(`/events/${encodeURIComponent(event_collection)}`, signal),
  shape: (value, { containing = "" }) =>
    Object.entries((value as Schema).properties)
      .filter(([name]) => name.includes(containing))
      .map(([name, type]) => ({ name, type })),
  rowsOf: rowsOfList,
  advice: "Use containing to see the others.",
};

/** What of the API's schema is used here. */
interface Schema {
  readonly name: string;
  readonly properties: Readonly<Record<string, string>>;
}
