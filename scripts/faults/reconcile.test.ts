import { describe, expect, test } from "vitest";
import { account, createBook, reconcile, type Book } from "./reconcile.ts";
import { balanceTable, closingLine, durationTable, partTable, problemsOf } from "./report.ts";
import { createSamples } from "./samples.ts";

/** A book of `made` events of which all but `unanswered` were acknowledged. */
function bookOf(made: number, unanswered: readonly number[] = []): Book {
  const book = createBook();
  for (let i = 0; i < made; i++) {
    const number = book.next();
    if (!unanswered.includes(number)) book.acknowledge(number);
  }
  return book;
}
const upTo = (end: number) => Array.from({ length: end }, (_, number) => number);
const EQUAL = account([{ hour: "h", accepted: 10, stored: 10 }]);

describe("reconciling", () => {
  test("all that was acknowledged, once each, in any order: nothing to report", () => {
    expect(reconcile(bookOf(3_000), upTo(3_000).reverse())).toEqual({
      acknowledged: 3_000,
      lost: [],
      doubled: [],
      foreign: [],
      unanswered: 0,
    });
  });

  test("one acknowledged event that is not stored is lost", () => {
    expect(
      reconcile(
        bookOf(10),
        upTo(10).filter((number) => number !== 7),
      ).lost,
    ).toEqual([7]);
  });

  test("one event that is stored twice is doubled, also when it was never acknowledged", () => {
    expect(reconcile(bookOf(10), [...upTo(10), 3]).doubled).toEqual([3]);
    expect(reconcile(bookOf(10, [3]), [...upTo(10), 3, 3]).doubled).toEqual([3]);
  });

  test("an event whose sender was never told yes may be stored or not", () => {
    expect(reconcile(bookOf(10, [4]), upTo(10))).toMatchObject({ lost: [], unanswered: 1, acknowledged: 9 });
    expect(reconcile(bookOf(10, [9]), upTo(9))).toMatchObject({ lost: [], unanswered: 0, acknowledged: 9 });
  });

  test("what nobody sent is foreign: a number beyond the last, none at all", () => {
    expect(reconcile(bookOf(2), [0, 1, 2, -1, 0.5, Number.NaN]).foreign).toEqual([2, -1, 0.5, Number.NaN]);
  });

  test("saying yes twice is one yes", () => {
    const book = bookOf(1);
    book.acknowledge(0);
    expect(book.acknowledged()).toBe(1);
  });
});

describe("the account", () => {
  test("is equal when every hour's ends add up, and knows nothing of what the API says of its balance", () => {
    const hour = { hour: "h1", accepted: 9, stored: 3, duplicate: 2, rejected: 1, dead: 1, deleted: 1, expired: 1 };
    expect(account([hour])).toMatchObject({ accepted: 9, unequal: [] });
    expect(account([{ ...hour, stored: 2, in_flight: 0, balanced: true }]).unequal).toEqual([
      { hour: "h1", difference: 1 },
    ]);
  });

  test("one hour too many and one too few are two differences, not none", () => {
    const rows = [
      { hour: "a", accepted: 2, stored: 1 },
      { hour: "b", accepted: 1, stored: 2 },
    ];
    expect(account(rows).unequal).toEqual([
      { hour: "a", difference: 1 },
      { hour: "b", difference: -1 },
    ]);
  });
});

describe("the report", () => {
  const good = { name: "one", reconciled: reconcile(bookOf(10), upTo(10)), account: EQUAL };

  test("of a campaign that held has no problem, and says so in its last line", () => {
    expect(problemsOf([good], [], [])).toEqual([]);
    expect(closingLine([good, good])).toBe("20 acknowledged, 0 lost, 0 doubled, ledger equal");
    expect(balanceTable([good])).toMatchObject([{ project: "one", acknowledged: 10, accepted: 10, difference: 0 }]);
  });

  test("names each thing that did not hold", () => {
    const bad = {
      name: "two",
      reconciled: reconcile(bookOf(10), [...upTo(9), 1, 77]),
      account: account([{ hour: "h", accepted: 9, stored: 7, dead: 1 }]),
    };
    expect(problemsOf([good, bad], ["SIGBUS"], ["400 no", "400 no"])).toEqual([
      "two: 1 acknowledged events are not stored: 9",
      "two: 1 events are stored twice: 1",
      "two: 1 stored events were never sent: 77",
      "two: the ledger of h differs by 1 events",
      "two: 10 acknowledged, and the ledger knows of 9 accepted events",
      "two: 1 events are dead letters",
      "the process ended by itself: SIGBUS",
      "a good request was refused: 400 no",
    ]);
    expect(closingLine([good, bad])).toBe("20 acknowledged, 1 lost, 1 doubled, ledger NOT equal");
  });

  test("lays the quantiles of all projects beside the calm ones", () => {
    const [lag, latency] = [createSamples(), createSamples()];
    for (const ms of upTo(100)) {
      lag.add("one", { phase: "calm" }, ms + 1);
      lag.add("two", { phase: "calm" }, 100 + ms + 1);
      lag.add("two", { phase: "hostile" }, 3 * (ms + 1));
      lag.add("hostile", { phase: "hostile" }, 10_000);
      latency.add("one", { phase: "calm" }, 10);
    }
    expect(durationTable(["one", "two"], ["calm", "hostile", "kill"], { lag, latency })).toEqual([
      {
        phase: "calm",
        lags: 200,
        "lag p50 ms": 100,
        "lag p95 ms": 190,
        "lag p95 of calm": "1.0x",
        questions: 100,
        "query p50 ms": 10,
        "query p95 ms": 10,
        "query p95 of calm": "1.0x",
      },
      {
        phase: "hostile",
        lags: 100,
        "lag p50 ms": 150,
        "lag p95 ms": 285,
        "lag p95 of calm": "1.5x",
        questions: 0,
        "query p50 ms": undefined,
        "query p95 ms": undefined,
        "query p95 of calm": "-",
      },
    ]);
  });

  test("tells one part that is compared from the next of the same kind", () => {
    const [lag, latency] = [createSamples(), createSamples()];
    lag.add("one", { phase: "calm", part: 0 }, 10);
    lag.add("one", { phase: "calm" }, 15);
    lag.add("two", { phase: "calm", part: 1 }, 20);
    latency.add("one", { phase: "calm", part: 1 }, 3);
    const loads = [
      { phase: "calm", product: 0.5, clients: 0.25 },
      { phase: "calm", product: undefined, clients: 1 },
    ];
    expect(partTable(["one", "two"], loads, { lag, latency })).toEqual([
      {
        phase: "calm",
        lags: 1,
        "lag p95 ms": 10,
        questions: 0,
        "query p95 ms": undefined,
        "processors of the product": "0.50",
        "of the clients": "0.25",
      },
      {
        phase: "calm",
        lags: 1,
        "lag p95 ms": 20,
        questions: 1,
        "query p95 ms": 3,
        "processors of the product": "-",
        "of the clients": "1.00",
      },
    ]);
  });
});
