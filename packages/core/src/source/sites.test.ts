import { expect, test } from "vitest";
import { sourceOfHost, sourceOfWord } from "./known.ts";
import { ALIASES, SITES } from "./sites.ts";

const sites = Object.entries(SITES).flatMap(([kind, names]) =>
  Object.entries(names).map(([name, domains]) => ({ kind, name, domains: domains.split(" ") })),
);
const everyDomain = sites.flatMap(({ domains }) => domains);

test("every kind has sites, and every site domains that can be a host: small letters, with a dot, none of them twice", () => {
  expect(Object.values(SITES).filter((names) => Object.keys(names).length === 0)).toEqual([]);
  expect(everyDomain.filter((domain) => !/^[a-z0-9-]+(\.[a-z0-9-]+)*\.([a-z]+|\*)$/.test(domain))).toEqual([]);
  expect(everyDomain.filter((domain, i) => everyDomain.indexOf(domain) !== i)).toEqual([]);
});

test("every domain is its site's, and every site is found by its name, however it is written", () => {
  for (const { kind, name, domains } of sites) {
    for (const domain of domains) expect(sourceOfHost(domain.replace("*", "com"))).toEqual({ name, kind });
    expect(sourceOfWord(name.toUpperCase())).toEqual({ name, kind });
    expect(sourceOfWord(name.replaceAll(" ", "-"))).toEqual({ name, kind });
  }
});

test("every short word means a site of the list, and is written as it is looked up", () => {
  const names = new Set(sites.map(({ name }) => name));
  for (const [word, name] of Object.entries(ALIASES)) {
    expect(names).toContain(name);
    expect(word).toMatch(/^[a-z0-9]+$/);
    expect(sourceOfWord(` ${word}`)?.name).toBe(name);
  }
});

test.each([
  ["www.google.de", "Google"],
  ["m.yahoo.co.uk", "Yahoo"],
  ["amazon.com.br", "Amazon"],
  ["ebay.org", "eBay"],
  ["zalando.net", "Zalando"],
  ["yandex.co", "Yandex"],
  ["docs.google.com", undefined],
  ["mail.yahoo.com", "Yahoo Mail"],
  ["m.m.google.de", undefined],
  ["google.evil.example", undefined],
  ["google.info", undefined],
  ["xgoogle.de", undefined],
  ["google.de.evil.example", undefined],
  ["google.co.uke", undefined],
  ["google9.de", undefined],
  // A domain stands for what is below it, not for what only ends with it.
  ["a.b.bing.com", "Bing"],
  ["notbing.com", undefined],
  ["com", undefined],
  ["", undefined],
])("a brand under a national ending, bare or with www. or m.; else by domain: %s is %s", (host, name) => {
  expect(sourceOfHost(host)?.name).toBe(name);
});

test.each([
  ["Product Hunt", "Product Hunt"],
  ["product_hunt", "Product Hunt"],
  ["product - hunt", "Product Hunt"],
  [" Bing.com ", "Bing"],
  ["something else", undefined],
])("the word %j means %s", (word, name) => expect(sourceOfWord(word)?.name).toBe(name));
