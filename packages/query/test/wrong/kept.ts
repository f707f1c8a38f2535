import { asked, daily, get, lately, long, of, put, remove, type Wrong } from "./requests.ts";

/** Requests about what a project keeps that are refused, by what they are about. */
export const WRONG_KEPT: Readonly<Record<string, readonly Wrong[]>> = {
  saved: [
    ...get(
      "/queries/saved/nothing",
      "/queries/saved/nothing/result",
      "/queries/saved?limit=0",
      "/queries/saved?colour=red",
    ),
    ...get(
      "/queries/saved/there/result?max_age=-1",
      "/queries/saved/there/result?timeframe=today",
      "/queries/saved/there/result?include_metadata=5",
    ),
    ...put(
      "/queries/saved/new",
      {},
      { query: 5 },
      { query: of },
      { query: { analysis_type: 5 } },
      { query: { analysis_type: "guess" } },
    ),
    ...put(
      "/queries/saved/new",
      { query: { ...asked, interval: "daily" } },
      { query: asked, refresh_rate: 5 },
      { query: asked, refresh_rate: "x" },
    ),
    ...put("/queries/saved/new", { query: { ...asked, analysis_type: "extraction" }, refresh_rate: 14_400 }),
    ...put(
      "/queries/saved/new",
      { query: asked, query_name: "a b" },
      { query: asked, metadata: { note: "x".repeat(1_100_000) } },
    ),
    ...put("/queries/saved/a%20b", { query: asked }),
    ...put("/queries/saved/there", { query: asked, query_name: "there " }),
    ...remove("/queries/saved/nothing"),
  ],
  datasets: [
    ...get("/datasets/nothing", "/datasets?limit=0", "/datasets?limit=1000", "/datasets?colour=red"),
    ...get(
      "/datasets/nothing/results?timeframe=today",
      "/datasets/there/results",
      "/datasets/there/results?index_by=PL",
      "/datasets/there/results?colour=1",
    ),
    ...get(`/datasets/there/results?timeframe=lately&index_by=${encodeURIComponent('["PL",5]')}`),
    ...get(
      ...['{"country":"PL"}', '{"country":"PL","price":{}}', '{"contry":"PL"}', '["PL"]'].map(
        (index) => `/datasets/there/results?timeframe=this_2_days&index_by=${encodeURIComponent(index)}`,
      ),
    ),
    ...put(
      "/datasets/new",
      {},
      { query: 5 },
      { query: { ...daily, analysis_type: "funnel" } },
      { query: asked },
      { query: { ...asked, ...lately } },
    ),
    ...put(
      "/datasets/new",
      { query: { ...daily, event_collection: null } },
      { query: { ...daily, timeframe: { start: "2021-03-09", end: "2021-03-10" } } },
    ),
    ...put(
      "/datasets/new",
      { query: daily },
      { query: daily, index_by: [] },
      { query: daily, index_by: 5 },
      { query: daily, index_by: "a", display_name: 5 },
    ),
    ...put("/datasets/new", {
      query: {
        ...daily,
        group_by: Array.from({ length: 20 }, (_, i) => `${i}${"x".repeat(190)}`),
        filters: [{ property_name: "a", operator: "eq", property_value: "x".repeat(20_000) }],
      },
      index_by: "a",
    }),
    ...put("/datasets/a%20b", { query: daily, index_by: "a" }),
    ...put("/datasets/there", { query: daily, index_by: "a" }),
    ...remove("/datasets/nothing"),
  ],
  definitions: [
    ...get(
      "/definitions/things",
      "/definitions/boards/nothing",
      "/definitions/boards?limit=0",
      "/definitions/boards?colour=red",
      "/definitions/boards/there?limit=1",
    ),
    ...put(
      "/definitions/boards/new",
      {},
      { title: "" },
      { title: "T" },
      { title: "T", content: [] },
      { title: "T", content: {}, version: -1 },
      { title: "T", content: {}, colour: 1 },
    ),
    ...put(
      "/definitions/boards/new",
      { title: "T", content: { text: "x".repeat(50_000) } },
      { title: long, content: {} },
    ),
    ...put("/definitions/boards/there", { title: "T", content: {}, version: 0 }),
    ...put("/definitions/boards/a%20b", { title: "T", content: {} }),
    ...remove("/definitions/boards/nothing", "/definitions/things/there"),
  ],
  deletions: [
    ...remove(
      "/events/nowhere",
      "/events/purchases?filters=",
      "/events/purchases?timeframe=%20",
      "/events/purchases?timezone=",
      "/events/purchases?timeFrame=today",
    ),
    ...remove(
      "/events/purchases?timeframe=lately",
      "/events/purchases?filters=all",
      "/events/purchases/properties/nothing",
      "/events/purchases/properties/$visitor",
    ),
    ...remove(
      "/events/purchases/properties/keen.timestamp",
      "/events/nowhere/properties/price",
      "/events/purchases/properties/price?timeframe=today",
    ),
  ],
};
