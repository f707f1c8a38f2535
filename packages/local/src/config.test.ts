import { openGeoDatabase } from "@millrace/collector";
import { expect, test } from "vitest";
import { readConfig } from "./config.ts";

test("without GEO_DB countries come from the file that is installed with it", async () => {
  const { geoDatabase = "" } = readConfig({});
  const places = await openGeoDatabase(geoDatabase);
  expect(places("83.149.9.0")).toEqual({ country: "RU", countryName: "Russia" });
  expect(places("2001:4860::")).toEqual({ country: "US", countryName: "United States" });
  expect(places("127.0.0.0")).toBeUndefined();
});

test("GEO_DB names another file, or none", () => {
  expect(readConfig({ GEO_DB: "/data/city.mmdb" }).geoDatabase).toBe("/data/city.mmdb");
  expect(readConfig({ GEO_DB: "none" }).geoDatabase).toBeUndefined();
});
