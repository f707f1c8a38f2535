/** A method and a path below the project, with what is sent. */
export type Wrong = readonly [request: string, body?: object];

export const of = { event_collection: "purchases" };
export const asked = { analysis_type: "count", ...of };
export const lately = { timeframe: "this_7_days" };
export const daily = { ...asked, ...lately, interval: "daily" };
export const mail = [{ mail: "ada@example.com" }];
export const step = { ...of, actor_property: "user.id" };
export const long = "x".repeat(300);
export const deep = (levels: number): unknown => (levels === 0 ? 1 : [deep(levels - 1)]);
export const post = (path: string, ...bodies: readonly object[]): Wrong[] =>
  bodies.map((body) => [`POST ${path}`, body]);
export const put = (path: string, ...bodies: readonly object[]): Wrong[] => bodies.map((body) => [`PUT ${path}`, body]);
export const get = (...paths: readonly string[]): Wrong[] => paths.map((path) => [`GET ${path}`]);
export const remove = (...paths: readonly string[]): Wrong[] => paths.map((path) => [`DELETE ${path}`]);
export const counts = (...more: readonly object[]) =>
  post("/queries/count", ...more.map((each) => ({ ...of, ...each })));
export const filtered = (...filters: readonly unknown[]) => counts(...filters.map((filter) => ({ filters: [filter] })));
