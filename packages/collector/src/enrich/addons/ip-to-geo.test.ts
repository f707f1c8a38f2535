import type { JsonObject, RawContext } from "@millrace/core";
import { describe, expect, test } from "vitest";
import { accepted } from "../../testing/events.ts";
import type { Place } from "../geo-database.ts";
import { ipToGeo } from "./ip-to-geo.ts";

/** What the add-on says of an address that the file has in this place, or does not know. */
function of(ip: JsonObject[string], raw: RawContext = {}, place?: Place): JsonObject {
  const addon = ipToGeo(() => place);
  return addon.run({ ip }, { event: accepted({ raw }), raw, context: {}, properties: {} });
}

const LYON = { country: "FR", region: "Rhône", city: "Lyon" };

test("what the file knows is given under Keen's names, and nothing that it does not know", () => {
  const place: Place = {
    country: "DE",
    countryName: "Germany",
    region: "Berlin",
    city: "Berlin",
    continent: "Europe",
    postalCode: "10115",
    coordinates: [13.4, 52.5],
  };
  expect(of("192.0.2.1", {}, place)).toStrictEqual({
    city: "Berlin",
    province: "Berlin",
    country: "Germany",
    continent: "Europe",
    postal_code: "10115",
    coordinates: [13.4, 52.5],
  });
  expect(of("192.0.2.1", {}, {})).toStrictEqual({});
  expect(of("192.0.2.1", { ip: "192.0.2.0", ...LYON }, { city: "Berlin" })).toStrictEqual({ city: "Berlin" });
});

describe("what the edge says of the sender", () => {
  test.each([
    ["192.0.2.0", "192.0.2.255"],
    ["2001:db8:7::", "2001:db8:7:ffff::1"],
  ])("holds for all of the network %s, such as %s", (network, ip) => {
    expect(of(ip, { ip: network, ...LYON })).toStrictEqual({ city: "Lyon", province: "Rhône", country: "France" });
  });

  test.each([
    ["192.0.2.0", "192.0.3.0"],
    ["2001:db8:7::", "2001:db8:8::1"],
    ["2001:db8:7::", "192.0.2.1"],
    ["192.0.2.0", "2001:db8:7::1"],
    ["192.0.2.0", "somewhere"],
    ["nowhere", "192.0.2.1"],
    [undefined, "192.0.2.1"],
    ["192.0.2.0", 5],
  ])("of %s is nothing of %s", (network, ip) => {
    expect(of(ip, { ...(network !== undefined && { ip: network }), ...LYON })).toStrictEqual({});
  });

  test.each([["de"], ["DEU"], ["D"], ["1DE"], [undefined]])("is nothing where its country is %s", (country) => {
    expect(of("192.0.2.1", { ip: "192.0.2.0", city: "Lyon", ...(country !== undefined && { country }) })).toStrictEqual(
      {},
    );
  });

  test("has what it has: a country that has no name, and no more", () => {
    expect(of("192.0.2.1", { ip: "192.0.2.0", country: "QQ" })).toStrictEqual({});
    expect(of("192.0.2.1", { ip: "192.0.2.0", country: "QQ", region: "R" })).toStrictEqual({ province: "R" });
    expect(of("192.0.2.1", { ip: "192.0.2.0", country: "FR" })).toStrictEqual({ country: "France" });
  });
});
