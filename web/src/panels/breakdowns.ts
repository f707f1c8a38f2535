import type { Breakdown } from "../questions/breakdown.ts";
import type { Search } from "../state/search.ts";

/** The panels that list page views by something, and their tabs. `param` is the search parameter that holds the tab. */
export interface PanelDefinition<P extends "pages" | "sources" | "devices" = "pages" | "sources" | "devices"> {
  readonly title: string;
  readonly param: P;
  readonly tabs: readonly { readonly value: Search[P]; readonly label: string; readonly breakdown: Breakdown }[];
}

const visitors = (id: string, field: string): Breakdown => ({ id, field, measure: "Visitors", counts: "visitors" });
/** Where a visit came from is known on its first page. */
const arrivals = (id: string, field: string): Breakdown => ({ id, field, measure: "Visitors", counts: "entries" });

export const PAGES: PanelDefinition<"pages"> = {
  title: "Pages",
  param: "pages",
  tabs: [
    { value: "all", label: "All pages", breakdown: visitors("pages", "$page.path") },
    { value: "entry", label: "Entry pages", breakdown: arrivals("entries", "$page.path") },
  ],
};

export const SOURCES: PanelDefinition<"sources"> = {
  title: "Sources",
  param: "sources",
  tabs: [
    { value: "channel", label: "Channels", breakdown: arrivals("channels", "$channel") },
    { value: "source", label: "Sources", breakdown: arrivals("sources", "$source") },
    { value: "campaign", label: "Campaigns", breakdown: arrivals("campaigns", "$utm.campaign") },
  ],
};

export const DEVICES: PanelDefinition<"devices"> = {
  title: "Devices",
  param: "devices",
  tabs: [
    { value: "device", label: "Devices", breakdown: visitors("devices", "$device") },
    { value: "browser", label: "Browsers", breakdown: visitors("browsers", "$browser.name") },
    { value: "os", label: "Systems", breakdown: visitors("systems", "$os.name") },
  ],
};

export const COUNTRIES: Breakdown = visitors("countries", "$geo.country");
export const EVENTS: Breakdown = { id: "events", field: "$collection", measure: "Events", counts: "events" };

/** One event by one of its own properties. */
export function byProperty(collection: string, property: string): Breakdown {
  return { id: `property`, field: property, measure: "Events", counts: "events", collection };
}
