import {
  flatten,
  indexDeletions,
  mintId,
  type Admission,
  type AppendOutcome,
  type Catalogue,
  type EventStore,
  type Exception,
  type KeenAddon,
  type PropertySighting,
  type Provenance,
  type RetryCause,
  RETRY_AFTER_MS,
  type StoredEvent,
  type UniquenessClaims,
} from "@millrace/core";
import { createSqliteRegistry } from "@millrace/access";
import { createReferenceStore } from "@millrace/core/contract";
import { createExecutions, type ExecutionRecord } from "@millrace/monitor";
import { describe, expect, test } from "vitest";
import { AllMessagesFailed, createCollector, type CollectorParts } from "./collect.ts";
import type { CollectMessage } from "./decode.ts";
import { createDeaths, type Deaths } from "./deaths.ts";
import { createEnricher } from "./enrich/enricher.ts";
import { retryDelayMs } from "./retry-delay.ts";
import { accepted, envelope, message, NOON } from "./testing/events.ts";

const HOUR = { from: NOON, to: NOON + 3_600_000 };
const IN_TIME = { deadline: NOON + 60_000 };
const admitAll: Admission = { admits: () => true };

/** Claims as the registry keeps them: the first provenance owns the token. */
function memoryClaims(): UniquenessClaims {
  const owners = new Map<string, Provenance>();
  return {
    claimMany: async (claims) =>
      claims.map(({ project, collection, token, provenance: { batch, ordinal } }) => {
        const key = JSON.stringify([project, collection, token]);
        const owner = owners.get(key) ?? { batch, ordinal };
        owners.set(key, owner);
        return owner.batch === batch && owner.ordinal === ordinal ? "ours" : "theirs";
      }),
  };
}

/** The reference store, noting what reaches it; `fault` may change or refuse an append. */
function setUp(
  options: Partial<CollectorParts> & {
    fault?: (events: readonly StoredEvent[]) => AppendOutcome[] | undefined;
    exceptionsFail?: () => boolean;
  } = {},
) {
  const store: EventStore = createReferenceStore();
  const appends: StoredEvent[][] = [];
  const exceptions = new Map<string, Exception>();
  const collector = createCollector({
    sink: {
      append: async (events, appendOptions) => {
        appends.push([...events]);
        return options.fault?.(events) ?? store.append(events, appendOptions);
      },
      recordExceptions: async (list) => {
        if (options.exceptionsFail?.()) throw new Error("exceptions refused");
        for (const exception of list) exceptions.set(`${exception.batch}/${exception.ordinal}`, exception);
        await store.recordExceptions(list);
      },
      withdrawExceptions: async (late) => {
        for (const { batch, ordinal } of late) exceptions.delete(`${batch}/${ordinal}`);
        await store.withdrawExceptions(late);
      },
    },
    catalogue: { admit: async () => admitAll },
    claims: memoryClaims(),
    tombstones: { of: async () => indexDeletions() },
    enrich: createEnricher(),
    clock: { now: () => NOON + 1_000 },
    ...options,
  });
  const counts = async (project = "p1") => {
    const rows = await store.outcomes({ project, ...HOUR });
    return Object.fromEntries(
      rows.map(({ outcome, reason, count }) => [reason ? `${outcome}/${reason}` : outcome, count]),
    );
  };
  return { collector, appends, exceptions, counts };
}

test("a batch of messages is stored in one append, each event with its provenance and its message's numbers", async () => {
  const { collector, appends, counts } = setUp();
  const one = envelope("b1", [accepted(), accepted()], { instance: "i7", sequence: 3, accepted: 40 });
  const two = envelope("b2", [accepted()]);
  expect(await collector([message(one), message(two)], IN_TIME)).toEqual({ failed: [] });
  expect(appends).toHaveLength(1);
  expect(appends[0]?.map(({ batch, ordinal }) => [batch, ordinal])).toEqual([
    ["b1", 0],
    ["b1", 1],
    ["b2", 0],
  ]);
  expect(appends[0]?.[0]).toMatchObject({
    project: "p1",
    receivedAt: NOON + 500,
    instance: "i7",
    sequence: 3,
    accepted: 40,
    context: { execution_ingest: "ingest-1" },
  });
  expect(await counts()).toEqual({ stored: 3 });
});

test("the same messages delivered again change nothing", async () => {
  const { collector, counts } = setUp();
  const one = message(envelope("b1", [accepted(), accepted({ uniquenessToken: "t" })]));
  await collector([one], IN_TIME);
  expect(await collector([{ ...one, receiveCount: 2 }], IN_TIME)).toEqual({ failed: [] });
  expect(await counts()).toEqual({ stored: 2 });
});

test("an event sent by the client again, in another request, is a duplicate", async () => {
  const { collector, counts } = setUp();
  const event = accepted();
  await collector([message(envelope("b1", [event]))], IN_TIME);
  await collector([message(envelope("b2", [event]))], IN_TIME);
  expect(await counts()).toEqual({ stored: 1, "duplicate/id": 1 });
});

test.each([
  ["no JSON", "{"],
  ["JSON that is no envelope", '{"hello":1}'],
  ["null", "null"],
  ["a broken archive", "gz:AAAA"],
  ["a version of the future", JSON.stringify({ ...envelope("b9", [accepted()]), v: 99 })],
  ["an envelope without its project", JSON.stringify({ ...envelope("b9", [accepted()]), project: undefined })],
])("an unreadable message is buried untouched and harms no other: %s", async (_name, body) => {
  const { collector, appends, counts } = setUp();
  const good = message(envelope("b1", [accepted()]));
  const buried: string[] = [];
  const bury = async (ids: readonly string[]) => void buried.push(...ids);
  const messages = [{ id: "bad", body, receiveCount: 1, sentAt: NOON }, good];
  expect(await collector(messages, { ...IN_TIME, bury })).toEqual({ failed: [] });
  expect(buried).toEqual(["bad"]);
  expect(await counts()).toEqual({ stored: 1 });
  expect(appends.flat()).toHaveLength(1);
});

describe("an unreadable message that cannot be buried", () => {
  const bad = { id: "bad", body: "{", receiveCount: 1, sentAt: NOON };
  const bury = () => Promise.reject(new Error("no dead letters"));

  test.each([
    ["because nobody said where", IN_TIME],
    ["because the dead letters do not answer", { ...IN_TIME, bury }],
  ])("comes back alone, without slowing the queue down: %s", async (_name, options) => {
    const { collector, counts } = setUp();
    expect(await collector([bad], options)).toEqual({ failed: ["bad"] });
    expect(await collector([bad, message(envelope("b1", [accepted()]))], options)).toEqual({ failed: ["bad"] });
    expect(await counts()).toEqual({ stored: 1 });
  });

  test("does not hide that everything else failed", async () => {
    const { collector } = setUp({
      fault: () => {
        throw new Error("connection refused");
      },
    });
    const good = message(envelope("b1", [accepted()]));
    await expect(collector([bad, good], IN_TIME)).rejects.toBeInstanceOf(AllMessagesFailed);
  });
});

describe("the archive", () => {
  test("gets every message of the call as it came, the unreadable ones too", async () => {
    const kept: unknown[] = [];
    const { collector } = setUp({ archive: async (messages) => void kept.push(...messages) });
    const messages = [message(envelope("b1", [accepted()])), { id: "bad", body: "{", receiveCount: 1, sentAt: NOON }];
    await collector(messages, IN_TIME);
    expect(kept).toEqual(messages);
  });

  test("that fails brings every message back, and none is acknowledged early", async () => {
    const { collector } = setUp({ archive: () => Promise.reject(new Error("bucket gone")) });
    const finished: string[] = [];
    const messages = [
      message(envelope("b1", [accepted()])),
      { ...message(envelope("b2", [accepted()])), receiveCount: 3 },
    ];
    const options = { ...IN_TIME, finished: async (ids: readonly string[]) => void finished.push(...ids) };
    const failure = await collector(messages, options).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(AllMessagesFailed);
    expect((failure as Error).cause).toMatchObject({ message: "bucket gone" });
    expect(finished).toEqual([]);
  });

  test("is waited for: nothing is acknowledged, early or at the end, before it is done", async () => {
    const gate = Promise.withResolvers<void>();
    const { collector, counts } = setUp({ deaths: deathsOver({ b2: 1 }), archive: () => gate.promise });
    const order: string[] = [];
    const suspect = { ...message(envelope("b2", [accepted()])), receiveCount: 3 };
    const collecting = collector([message(envelope("b1", [accepted()])), suspect], {
      ...IN_TIME,
      finished: async () => void order.push("acknowledged early"),
    }).then(() => order.push("acknowledged"));
    await expect.poll(() => counts()).toEqual({ stored: 1 });
    expect(order).toEqual([]);
    gate.resolve();
    await collecting;
    expect(order).toEqual(["acknowledged early", "acknowledged"]);
  });
});

test.each([
  ["null", null],
  ["a string", "event"],
  ["no id", { ...accepted(), id: undefined }],
  ["an id too long for the store", { ...accepted(), id: mintId(NOON, new Uint8Array(10)) + "x".repeat(600) }],
  ["no collection", { ...accepted(), collection: "" }],
  ["no timestamp", { ...accepted(), timestamp: null }],
  ["properties that are a list", { ...accepted(), properties: [] }],
  ["a context that is a text", { ...accepted(), context: "text" }],
])(
  "a malformed event becomes an exception with its raw form; the rest of its message is stored: %s",
  async (_name, bad) => {
    const { collector, exceptions, counts } = setUp();
    expect(await collector([message(envelope("b1", [accepted(), bad, accepted()]))], IN_TIME)).toEqual({ failed: [] });
    expect(await counts()).toEqual({ stored: 2, "rejected/unreadable": 1 });
    expect(exceptions.get("b1/1")).toMatchObject({ raw: JSON.stringify(bad), project: "p1", receivedAt: NOON + 500 });
  },
);

test("an event that breaks enrichment harms only itself, and says where", async () => {
  const plain = createEnricher();
  const enrich: CollectorParts["enrich"] = (event) => {
    if (event.properties["poison"] === true) throw new TypeError("broke");
    return plain(event);
  };
  const { collector, exceptions, counts } = setUp({ enrich });
  const events = [accepted(), accepted({ properties: { poison: true } })];
  expect(await collector([message(envelope("b1", events))], IN_TIME)).toEqual({ failed: [] });
  expect(await counts()).toEqual({ stored: 1, "rejected/unreadable": 1 });
  expect(exceptions.get("b1/1")?.detail).toContain("broke");
});

test("an event is never thrown away for an add-on that finds nothing to read", async () => {
  const { collector, counts } = setUp();
  const event = accepted({ addons: [{ name: "keen:url_parser", input: { url: "gone" }, output: "x" }] });
  await collector([message(envelope("b1", [event, accepted()]))], IN_TIME);
  expect(await counts()).toEqual({ stored: 2 });
});

test("what the store can never keep becomes an exception, and its message is done", async () => {
  const rejected = { kind: "rejected", reason: "mapping", detail: "too many fields" } as const;
  const { collector, exceptions } = setUp({
    fault: (events) => events.map((_, i) => (i === 0 ? rejected : { kind: "stored" })),
  });
  const event = accepted();
  expect(await collector([message(envelope("b1", [event, accepted()]))], IN_TIME)).toEqual({ failed: [] });
  expect(exceptions.get("b1/0")).toMatchObject({
    outcome: "rejected",
    reason: "mapping",
    raw: JSON.stringify(event),
  });
});

test("deleted and expired events leave their exception, without the raw event", async () => {
  const { collector, exceptions } = setUp({ fault: () => [{ kind: "deleted" }, { kind: "expired" }] });
  await collector([message(envelope("b1", [accepted(), accepted()]))], IN_TIME);
  expect([...exceptions.values()].map(({ outcome, raw }) => [outcome, raw])).toEqual([
    ["deleted", null],
    ["expired", null],
  ]);
});

test("a message with one event to try again comes back; the others of the batch are done", async () => {
  const { collector } = setUp({
    fault: (events) =>
      events.map(({ batch }) =>
        batch === "b2" ? { kind: "retry", detail: "429", because: "busy" } : { kind: "stored" },
      ),
  });
  const batch = ["b1", "b2", "b3"].map((id) => message(envelope(id, [accepted()])));
  expect(await collector(batch, IN_TIME)).toEqual({ failed: ["b2"] });
});

test.each<[string, Partial<CollectMessage>]>([
  ["delivered again", { receiveCount: 2 }],
  ["redriven, with a count that began anew", { redriven: true }],
  ["sent again from the archive, as a new message", { id: "another", sentAt: NOON + 3_600_000 }],
])(
  "an event that was rejected at one delivery and stored when it was %s is stored, and only that",
  async (_, again) => {
    let full = true;
    const { collector, counts } = setUp({
      fault: (events) =>
        full
          ? events.map(() => ({ kind: "rejected", reason: "mapping", detail: "No room for the property n89." }))
          : undefined,
    });
    const one = message(envelope("b1", [accepted(), accepted()]));
    await collector([one], IN_TIME);
    expect(await counts()).toEqual({ "rejected/mapping": 2 });
    // An operator has made room, and the acknowledgement was lost.
    full = false;
    await collector([{ ...one, ...again }], IN_TIME);
    expect(await counts()).toEqual({ stored: 2 });
  },
);

test("when the store is down nothing is done, and the handler throws with the store's error", async () => {
  const down = new Error("connection refused");
  const { collector, exceptions } = setUp({
    fault: () => {
      throw down;
    },
  });
  const batch = ["b1", "b2"].map((id) => message(envelope(id, [accepted()])));
  const failure = await collector(batch, IN_TIME).catch((thrown: unknown) => thrown);
  expect(failure).toBeInstanceOf(AllMessagesFailed);
  expect((failure as Error).cause).toBe(down);
  expect(exceptions.size).toBe(0);
});

test("messages with exceptions are done only when those are recorded; others do not wait for it", async () => {
  let broken = true;
  const { collector, counts } = setUp({ exceptionsFail: () => broken });
  const batch = [message(envelope("b1", [accepted()])), message(envelope("b2", [accepted(), null]))];
  expect(await collector(batch, IN_TIME)).toEqual({ failed: ["b2"] });
  broken = false;
  expect(await collector(batch.slice(1), IN_TIME)).toEqual({ failed: [] });
  expect(await counts()).toEqual({ stored: 2, "rejected/unreadable": 1 });
});

test("the first event with a uniqueness token is stored, later ones are duplicates; collections do not share tokens", async () => {
  const { collector, exceptions, counts } = setUp();
  const events = [
    accepted({ uniquenessToken: "t" }),
    accepted({ uniquenessToken: "t" }),
    accepted({ uniquenessToken: "t", collection: "other" }),
  ];
  await collector(
    [message(envelope("b1", events)), message(envelope("b2", [accepted({ uniquenessToken: "t" })]))],
    IN_TIME,
  );
  expect(await counts()).toEqual({ stored: 2, "duplicate/uniqueness-token": 2 });
  expect([...exceptions.keys()].sort()).toEqual(["b1/-2", "b2/-2"]);
});

test("however many duplicates a batch has, they are one exception that says which; who is one later replaces it", async () => {
  const { collector, exceptions, counts } = setUp();
  const events = Array.from({ length: 6 }, () => accepted());
  const [first] = events;
  await collector([message(envelope("b1", [...events.slice(0, 2), ...events.slice(3)]))], IN_TIME);
  await collector([message(envelope("b2", events))], IN_TIME);
  expect([...exceptions]).toMatchObject([
    ["b2/-1", { reason: "id", count: 5, detail: expect.stringMatching(/ Events 0-1, 3-5 of the batch\.$/) as string }],
  ]);
  expect(await counts()).toEqual({ stored: 6, "duplicate/id": 5 });
  // Delivered again it is the same, and where nothing is a duplicate any more nothing stays.
  await collector([message(envelope("b2", events), 2)], IN_TIME);
  expect(await counts()).toEqual({ stored: 6, "duplicate/id": 5 });
  if (!first) throw new RangeError("no events");
  await collector([message(envelope("b3", [first]))], IN_TIME);
  expect(exceptions.get("b3/-1")?.count).toBe(1);
  await collector([message(envelope("b3", [accepted()]), 2)], IN_TIME);
  expect(exceptions.has("b3/-1")).toBe(false);
});

test("the tokens of a project are claimed at once, and one project's failure is not another's", async () => {
  const asked: string[][] = [];
  const memory = memoryClaims();
  const claims: UniquenessClaims = {
    claimMany: async (list) => {
      asked.push(list.map(({ project, token }) => `${project}/${token}`));
      if (list.some(({ project }) => project === "p2")) throw new Error("registry down");
      return memory.claimMany(list);
    },
  };
  const { collector, counts } = setUp({ claims });
  const events = ["a", "b", "a"].map((uniquenessToken) => accepted({ uniquenessToken }));
  const other = { ...envelope("b2", [accepted({ uniquenessToken: "z" })]), project: "p2" };
  expect(await collector([message(envelope("b1", events)), message(other)], IN_TIME)).toEqual({ failed: ["b2"] });
  expect(asked).toEqual([["p1/a", "p1/b", "p1/a"], ["p2/z"]]);
  expect(await counts()).toEqual({ stored: 2, "duplicate/uniqueness-token": 1 });
});

test("a token that cannot be claimed brings back its message only, and its event is not stored unclaimed", async () => {
  const claims: UniquenessClaims = { claimMany: () => Promise.reject(new Error("registry down")) };
  const { collector, appends } = setUp({ claims });
  const batch = [message(envelope("b1", [accepted()])), message(envelope("b2", [accepted({ uniquenessToken: "t" })]))];
  expect(await collector(batch, IN_TIME)).toEqual({ failed: ["b2"] });
  expect(appends.flat().map(({ batch: id }) => id)).toEqual(["b1"]);
});

test("names the catalogue does not admit are kept as overflow tokens; each name is asked about once", async () => {
  const asked: unknown[] = [];
  const catalogue: Pick<Catalogue, "admit"> = {
    admit: async (project, sightings) => {
      asked.push([project, sightings]);
      return { admits: (path) => path === "in" };
    },
  };
  const { collector, appends } = setUp({ catalogue });
  const events = [accepted({ properties: { in: 1, out: "x" } }), accepted({ properties: { in: 2 } })];
  await collector([message(envelope("b1", events))], IN_TIME);
  expect(asked).toEqual([
    [
      "p1",
      [
        { collection: "pageviews", path: "out", kind: "string" },
        { collection: "pageviews", path: "in", kind: "number" },
      ],
    ],
  ]);
  expect(appends[0]?.[0]?.flat).toMatchObject({ numbers: { in: 1 }, overflow: ['out="x"'] });
  expect(appends[0]?.[0]?.properties).toEqual({ in: 1, out: "x" });
});

test("a catalogue that fails for one project leaves the others alone", async () => {
  const catalogue: Pick<Catalogue, "admit"> = {
    admit: (project) => (project === "p2" ? Promise.reject(new Error("registry down")) : Promise.resolve(admitAll)),
  };
  const { collector, counts } = setUp({ catalogue });
  const batch = [message(envelope("b1", [accepted()])), message(envelope("b2", [accepted()], { project: "p2" }))];
  expect(await collector(batch, IN_TIME)).toEqual({ failed: ["b2"] });
  expect(await counts()).toEqual({ stored: 1 });
  expect(await counts("p2")).toEqual({});
});

describe("what was deleted while it was on its way", () => {
  const ada = { context: { visitor: "ada" } };
  const tombstone = { id: "t", project: "p1", visitor: "ada", receivedBefore: NOON + 1_000, createdAt: NOON + 1_000 };
  const tombstones = { of: async () => indexDeletions([tombstone]) };

  test("is not stored, claims no token, brings no name to the catalogue, and has its one exception", async () => {
    const asked: unknown[] = [];
    const { collector, counts, exceptions } = setUp({
      tombstones,
      catalogue: {
        admit: async (_project, sightings) => {
          asked.push(...sightings);
          return admitAll;
        },
      },
      claims: {
        claimMany: async (list) => {
          asked.push(...list);
          return list.map(() => "ours");
        },
      },
    });
    const gone = accepted({ ...ada, properties: { secret: 1 }, uniquenessToken: "t" });
    const one = message(envelope("b1", [gone, accepted({ context: { visitor: "bob" } }), accepted()]));
    for (let delivery = 0; delivery < 3; delivery++) expect(await collector([one], IN_TIME)).toEqual({ failed: [] });
    expect(await counts()).toEqual({ stored: 2, "deleted/tombstone": 1 });
    expect(asked).toEqual([]);
    expect(exceptions.get("b1/0")).toMatchObject({ outcome: "deleted", raw: null });
  });

  test("is only what was received before: later events of the same visitor are stored", async () => {
    const { collector, counts } = setUp({ tombstones });
    await collector([message(envelope("b1", [accepted(ada)], { receivedAt: NOON + 1_000 }))], IN_TIME);
    await collector([message(envelope("b2", [accepted(ada)], { receivedAt: NOON + 999 }))], IN_TIME);
    await collector([message(envelope("b3", [accepted(ada)], { project: "p2" }))], IN_TIME);
    expect(await counts()).toEqual({ stored: 1, "deleted/tombstone": 1 });
    expect(await counts("p2")).toEqual({ stored: 1 });
  });

  test("leaves no raw form behind where it could not be enriched either", async () => {
    const { collector, exceptions } = setUp({
      tombstones,
      enrich: () => {
        throw new Error("our fault");
      },
    });
    await collector([message(envelope("b1", [accepted(ada), accepted()]))], IN_TIME);
    expect(exceptions.get("b1/0")).toMatchObject({ outcome: "deleted", raw: null });
    expect(exceptions.get("b1/1")).toMatchObject({ outcome: "rejected", reason: "unreadable" });
  });

  test("comes back while nobody can say what was deleted, and only that project's events do", async () => {
    const down = { of: (project: string) => (project === "p1" ? Promise.reject(new Error("down")) : tombstones.of()) };
    const { collector, counts, appends, exceptions } = setUp({ tombstones: down });
    const [mine, other] = [envelope("b1", [accepted(), null]), envelope("b2", [accepted()], { project: "p2" })];
    expect(await collector([message(mine), message(other)], IN_TIME)).toEqual({ failed: ["b1"] });
    expect(await counts()).toEqual({});
    expect(exceptions.size).toBe(0);
    expect(appends.flat()).toHaveLength(1);
    await expect(collector([message(mine)], IN_TIME)).rejects.toBeInstanceOf(AllMessagesFailed);
  });
});

describe("a property that was deleted while its events were on their way", () => {
  const of = { project: "p1", collection: "visits", receivedBefore: NOON + 1, createdAt: NOON };
  const index = indexDeletions();
  index.properties.add({ ...of, id: "1", property: "secret" });
  index.properties.add({ ...of, id: "2", property: "made.browser" });
  const tombstones = { of: async (project: string) => (project === "p1" ? index : indexDeletions()) };
  const properties = { n: 1, secret: { key: "x" }, header: "Mozilla/5.0 (X11; Linux x86_64) Firefox/130.0" };
  const addons: KeenAddon[] = [{ name: "keen:ua_parser", input: { ua_string: "header" }, output: "made" }];

  test("is not stored with them, also where an add-on writes it, and comes into no catalogue", async () => {
    const sightings: PropertySighting[] = [];
    const { collector, appends } = setUp({
      tombstones,
      catalogue: {
        admit: async (_project, some) => {
          sightings.push(...some);
          return admitAll;
        },
      },
    });
    const event = accepted({ collection: "visits", properties, addons });
    await collector([message(envelope("b1", [event], { receivedAt: NOON }))], IN_TIME);
    const [stored] = appends.flat();
    expect(stored?.properties).toMatchObject({ n: 1, made: { os: { family: "Linux" } } });
    expect(stored?.properties).not.toHaveProperty("secret");
    expect(stored?.properties["made"]).not.toHaveProperty("browser");
    expect(stored?.flat).toEqual(flatten(stored?.properties ?? {}));
    const paths = sightings.map(({ path }) => path);
    expect(paths).toContain("made.os.family");
    expect(paths.filter((path) => /^(secret|made\.browser)/.test(path))).toEqual([]);
  });

  test("is stored with events received after it, of other collections and projects; its name is new to the catalogue", async () => {
    const sightings: PropertySighting[] = [];
    const { collector, appends } = setUp({
      tombstones,
      catalogue: {
        admit: async (_project, some) => {
          sightings.push(...some);
          return admitAll;
        },
      },
    });
    const events = (collection: string) => [accepted({ collection, properties: { n: 1, secret: { key: "x" } } })];
    await collector([message(envelope("b1", events("visits"), { receivedAt: NOON + 1 }))], IN_TIME);
    await collector([message(envelope("b2", events("clicks"), { receivedAt: NOON }))], IN_TIME);
    await collector([message(envelope("b3", events("visits"), { project: "p2", receivedAt: NOON }))], IN_TIME);
    expect(appends.flat().map((event) => event.properties)).toEqual(
      Array.from({ length: 3 }, () => ({ n: 1, secret: { key: "x" } })),
    );
    expect(sightings.map(({ collection, path, after }) => [collection, path, after])).toEqual([
      ["visits", "secret.key", "1"],
      ["visits", "n", undefined],
      ["clicks", "secret.key", undefined],
      ["clicks", "n", undefined],
      ["visits", "secret.key", undefined],
      ["visits", "n", undefined],
    ]);
  });

  test("is not kept with those that are rejected", async () => {
    const refuse = () => {
      throw new Error("our fault");
    };
    const rejected = { kind: "rejected", reason: "mapping", detail: "too many fields" } as const;
    const event = accepted({ collection: "visits", properties });
    for (const options of [{ enrich: refuse }, { fault: () => [rejected] }]) {
      const { collector, exceptions } = setUp({ tombstones, ...options });
      await collector([message(envelope("b1", [event, null], { receivedAt: NOON }))], IN_TIME);
      const { outcome, raw } = exceptions.get("b1/0") ?? {};
      expect(outcome).toBe("rejected");
      expect(JSON.parse(raw ?? "null").properties).toEqual({ n: 1, header: properties.header });
    }
  });
});

const deathsOver = (counts: Record<string, number>): Deaths => ({
  over: async (ids) => new Map(Object.entries(counts).filter(([id]) => ids.includes(id))),
  begin: async () => async () => {},
});

test("messages over which a process died run last: of one death in tens, of more alone, the others handed over before", async () => {
  const some = Array.from({ length: 12 }, (_, i) => `s${i}`);
  const { collector, appends } = setUp({
    deaths: deathsOver({ ...Object.fromEntries(some.map((id) => [id, 1])), a1: 2, a2: 7 }),
  });
  const finished: (readonly string[])[] = [];
  const batch = ["a1", "b1", ...some, "a2", "b2"].map((id) => message(envelope(id, [accepted()]), 2));
  const options = { ...IN_TIME, finished: async (ids: readonly string[]) => void finished.push(ids) };
  expect(await collector(batch, options)).toEqual({ failed: [] });
  const inRounds = [["b1", "b2"], some.slice(0, 10), some.slice(10), ["a1"], ["a2"]];
  expect(appends.map((events) => events.map(({ batch: id }) => id))).toEqual(inRounds);
  expect(finished).toEqual(inRounds.slice(0, -1));
});

test("after an outage nobody is suspected: a whole backlog that was delivered often is collected in one round", async () => {
  const registry = createSqliteRegistry({ path: ":memory:" });
  const { collector, appends } = setUp({ deaths: createDeaths({ registry, clock: { now: () => NOON } }) });
  const batch = Array.from({ length: 100 }, (_, i) => message(envelope(`b${i}`, [accepted()]), 30 + i));
  expect(await collector(batch, IN_TIME)).toEqual({ failed: [] });
  expect(appends.map((events) => events.length)).toEqual([100]);
  expect(await registry.list("collecting")).toEqual([]);
});

test("the one of a hundred messages that kills its process is found in three deaths, and takes nobody with it then", async () => {
  let now = NOON;
  const clock = { now: () => now };
  const registry = createSqliteRegistry({ path: ":memory:", clock });
  const deliveries = new Map<string, number>();
  let left = Array.from({ length: 100 }, (_, i) => `b${i}`);
  const rounds: string[][] = [];
  for (let death = 1; death <= 5; death++) {
    const died = Promise.withResolvers<"died">();
    const acknowledged: string[] = [];
    const { collector } = setUp({
      clock,
      // A process of its own each time: only the registry remembers.
      deaths: createDeaths({ registry, clock }),
      sink: {
        append: (events) => {
          const ids = events.map(({ batch }) => batch);
          if (!ids.includes("b42")) return Promise.resolve(events.map(() => ({ kind: "stored" as const })));
          rounds.push(ids);
          died.resolve("died");
          // Killed: nothing after this happens.
          return new Promise(() => {});
        },
        recordExceptions: async () => {},
        withdrawExceptions: async () => {},
      },
    });
    const batch = left.map((id) => {
      deliveries.set(id, (deliveries.get(id) ?? 0) + 1);
      return message(envelope(id, [accepted()]), deliveries.get(id));
    });
    const finished = async (ids: readonly string[]) => void acknowledged.push(...ids);
    const run = collector(batch, { deadline: now + 60_000, finished });
    expect(await Promise.race([run, died.promise])).toBe("died");
    left = left.filter((id) => !acknowledged.includes(id));
    now += 360_000;
  }
  expect(rounds.map((ids) => ids.length)).toEqual([100, 100, 10, 1, 1]);
  expect(left).toEqual(["b42"]);
});

test("alone with its messages, a process that starts at once knows of the deaths before it, and blames none for its own work", async () => {
  const registry = createSqliteRegistry({ path: ":memory:", clock: { now: () => NOON } });
  const process = () => createDeaths({ registry, clock: { now: () => NOON }, alone: true });
  for (let death = 1; death <= 3; death++) await process().begin(["guilty"], NOON + 60_000);
  const running = process();
  const ended = await running.begin(["guilty", "mine"], NOON + 60_000);
  expect([...(await running.over(["guilty", "mine", "other"]))]).toEqual([["guilty", 3]]);
  await ended();
  expect([...(await process().over(["guilty", "mine"]))]).toEqual([["guilty", 3]]);
});

/** Where a collector gives messages back to, and what it gave. */
function backTo() {
  const later: [ids: readonly string[], delayMs: number][] = [];
  return {
    later,
    options: { ...IN_TIME, later: async (...call: [readonly string[], number]) => void later.push(call) },
  };
}

test("why a message comes back says when: a block does not pass in seconds, of several causes the longest counts", async () => {
  const { later, options } = backTo();
  const { collector } = setUp({
    fault: (events) =>
      events.map(({ batch, ordinal }) => {
        const [first, second = first] = batch.split("+") as RetryCause[];
        const because = ordinal === 0 ? first : second;
        return because === undefined ? { kind: "stored" } : { kind: "retry", detail: "not now", because };
      }),
  });
  const both = [accepted(), accepted()];
  const batch = ["late", "undecided", "busy", "unreachable", "blocked", "busy+blocked", "late+undecided"].map(
    (causes) => message(envelope(causes, both)),
  );
  await expect(collector(batch, options)).rejects.toBeInstanceOf(AllMessagesFailed);
  expect(Object.fromEntries(later.flatMap(([ids, delayMs]) => ids.map((id) => [id, delayMs])))).toEqual({
    late: 1_000,
    undecided: 5_000,
    busy: 10_000,
    unreachable: 10_000,
    blocked: 30_000,
    "busy+blocked": 30_000,
    "late+undecided": 5_000,
  });
});

test("a store that decides nothing is unreachable; what was not begun in time comes back at once", async () => {
  const { later, options } = backTo();
  const { collector } = setUp({
    fault: () => {
      throw new Error("down");
    },
  });
  const batch = [message(envelope("b1", [accepted()]))];
  await expect(collector(batch, options)).rejects.toBeInstanceOf(AllMessagesFailed);
  await expect(collector(batch, { ...options, deadline: 0 })).rejects.toBeInstanceOf(AllMessagesFailed);
  expect(later).toEqual([
    [["b1"], 10_000],
    [["b1"], 1_000],
  ]);
});

test("what failed comes back later each time, after six minutes in the end, also when nothing was done", async () => {
  const { later, options } = backTo();
  const { collector } = setUp({
    fault: (events) =>
      events.map(({ batch }) =>
        batch === "fine" ? { kind: "stored" } : { kind: "retry", detail: "429", because: "busy" },
      ),
  });
  const failing = [
    message(envelope("b1", [accepted()])),
    message(envelope("b2", [accepted()]), 4),
    message(envelope("b3", [accepted()]), 99),
  ];
  await collector([...failing, message(envelope("fine", [accepted()]))], options);
  const expected = [
    [["b1"], 10_000],
    [["b2"], 33_750],
    [["b3"], 360_000],
  ];
  expect(later.splice(0)).toEqual(expected);
  await expect(collector(failing, options)).rejects.toBeInstanceOf(AllMessagesFailed);
  expect(later).toEqual(expected);
});

test("when one that failed comes through, what waits for the same cause comes at once, and nothing else", async () => {
  const { later, options } = backTo();
  let down: readonly string[] = ["s1", "s2", "x1"];
  const { collector } = setUp({
    fault: (events) =>
      events.map(({ batch }) =>
        down.includes(batch)
          ? { kind: "retry", detail: "no", because: batch.startsWith("s") ? "unreachable" : "blocked" }
          : { kind: "stored" },
      ),
  });
  const again = (id: string) => message(envelope(id, [accepted()]), 2);
  await collector([again("s1"), again("s2"), again("x1"), again("fine")], options);
  const givenBack = later.splice(0);
  // What never failed proves nothing.
  await collector([again("fine 2")], options);
  expect(later).toEqual([]);
  // Nor does one that comes through while another one still fails for the same reason.
  down = ["s1"];
  await expect(collector([again("s1")], options)).rejects.toBeInstanceOf(AllMessagesFailed);
  later.splice(0);
  down = [];
  await collector([again("s1")], options);
  expect(later).toEqual([[["s2"], 0]]);
  await collector([again("s2")], options);
  expect(later).toHaveLength(1);
  expect(givenBack).toContainEqual([["x1"], 45_000]);
});

test.each([20, 60, 300, 900])(
  "an outage of %i s: what was tried all the time is there again before as long has gone by",
  async (seconds) => {
    for (const cause of ["undecided", "busy", "unreachable"] as const) {
      let at = 0;
      for (let tries = 1; at < seconds * 1_000; tries++) at += retryDelayMs(tries, cause);
      expect(at - seconds * 1_000).toBeLessThan(Math.max(seconds * 1_000 * 0.6, RETRY_AFTER_MS[cause]));
    }
  },
);

test("a hundred tries outlast an outage of nine hours", () => {
  let sum = 0;
  for (let tries = 1; tries < 100; tries++) sum += retryDelayMs(tries, "undecided");
  expect(sum).toBeGreaterThan(9 * 3_600_000);
});

test("finished messages that cannot be acknowledged early do not keep the suspects from being tried", async () => {
  const { collector, counts } = setUp({ deaths: deathsOver({ s1: 1 }) });
  const batch = [message(envelope("b1", [accepted()])), message(envelope("s1", [accepted()]), 3)];
  const options = { ...IN_TIME, finished: () => Promise.reject(new Error("queue down")) };
  expect(await collector(batch, options)).toEqual({ failed: [] });
  expect(await counts()).toEqual({ stored: 2 });
});

test("nothing is begun after the deadline, and the messages come back", async () => {
  let now = NOON;
  const { collector, appends } = setUp({
    clock: { now: () => now },
    deaths: deathsOver({ s1: 1 }),
    fault: () => {
      now = IN_TIME.deadline;
      return undefined;
    },
  });
  const batch = [message(envelope("b1", [accepted()])), message(envelope("s1", [accepted()]), 3)];
  expect(await collector(batch, IN_TIME)).toEqual({ failed: ["s1"] });
  expect(appends).toHaveLength(1);
});

test("an empty batch is no failure", async () => {
  expect(await setUp().collector([], IN_TIME)).toEqual({ failed: [] });
});

test("each call is one execution: its record counts messages, events and ends, and stored events name it", async () => {
  const records: ExecutionRecord[] = [];
  const executions = createExecutions({
    function: "collector",
    clock: { now: () => NOON },
    newId: () => "minted",
    sink: (record) => void records.push(record),
  });
  const { collector, appends } = setUp({ executions });
  const batch = [
    message(envelope("b1", [accepted({ properties: { name: "lovelace" } }), null]), 2),
    { id: "bad", body: '{"name": lovelace}', receiveCount: 7, sentAt: NOON },
  ];
  await collector(batch, { ...IN_TIME, invocation: { requestId: "lambda-1" } });
  expect(records).toHaveLength(1);
  expect(records[0]).toMatchObject({
    id: "lambda-1",
    source: { kind: "queue", messages: 2, events: 2, oldestAgeMs: 500, maxReceiveCount: 7 },
    labels: { "events.stored": 1, "events.rejected": 1, "messages.failed": 1, "messages.unreadable": 1 },
  });
  expect(appends[0]?.[0]?.context.execution_collector).toBe("lambda-1");
  expect(JSON.stringify(records)).not.toContain("lovelace");
});

test("the record says why messages come back", async () => {
  const records: ExecutionRecord[] = [];
  const executions = createExecutions({
    function: "collector",
    clock: { now: () => NOON },
    newId: () => "minted",
    sink: (record) => void records.push(record),
  });
  const { collector } = setUp({
    executions,
    fault: () => {
      throw new Error("connection refused");
    },
  });
  await collector([message(envelope("b1", [accepted()]))], IN_TIME).catch(() => {});
  expect(records[0]?.labels["retry.cause"]).toBe("Error: connection refused");
  expect(records[0]?.error).toMatchObject({ name: "AllMessagesFailed", causes: ["Error: connection refused"] });
});
