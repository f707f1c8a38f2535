import { flatten, indexDeletedProperties, mintId, monthOf, type Catalogue } from "@millrace/core";
import { storedEvent } from "@millrace/core/contract";
import { expect, test } from "vitest";
import { admitProperties } from "./admission.ts";
import type { Ready } from "./stored-event.ts";
import { accepted, envelope, message } from "./testing/events.ts";
import { decode } from "./decode.ts";

const NOVEMBER = Date.UTC(2026, 10, 5);
const OCTOBER = Date.UTC(2026, 9, 5);

/** An event as it is before it asks the catalogue. */
async function ready(project: string, identity: number, timestamp: number, name: string): Promise<Ready> {
  const [delivery] = (await decode([message(envelope("b1", [accepted()]))])).deliveries;
  if (!delivery) throw new Error("one message is one delivery");
  const properties = { [name]: 1 };
  const id = mintId(identity, new Uint8Array(10));
  const stored = storedEvent({ project, timestamp, id, properties });
  return { delivery, ordinal: 0, accepted: accepted(), stored: { ...stored, flat: flatten(properties) } };
}

test("each month's names are asked about on their own, by the month of the id and of the timestamp", async () => {
  const asked: unknown[] = [];
  const catalogue: Pick<Catalogue, "admit"> = {
    admit: async (project, sightings, { identity, timestamp }) => {
      asked.push([project, sightings.map(({ path }) => path).join(), identity, timestamp]);
      return { admits: () => identity === monthOf(NOVEMBER) };
    },
  };
  const events = await Promise.all([
    ready("p", NOVEMBER, NOVEMBER, "a"),
    ready("p", NOVEMBER + 1, NOVEMBER, "b"),
    ready("p", OCTOBER, NOVEMBER, "c"),
    ready("p", NOVEMBER, OCTOBER, "d"),
    ready("q", NOVEMBER, NOVEMBER, "a"),
  ]);
  const { ready: admitted } = await admitProperties(events, catalogue, () => indexDeletedProperties());
  const [october, november] = [monthOf(OCTOBER), monthOf(NOVEMBER)];
  expect(asked).toEqual([
    ["p", "a,b", november, november],
    ["p", "c", october, november],
    ["p", "d", november, october],
    ["q", "a", november, november],
  ]);
  // What one month does not admit is none of another month's business.
  expect(admitted.map(({ stored }) => stored.flat.overflow)).toEqual([[], [], ["c=1"], [], []]);
});
