import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { openGeoDatabase } from "./geo-database.ts";
import { isSpecialAddress } from "./special-addresses.ts";

test.each(
  (
    "0.0.0.0 10.0.0.0 10.255.255.255 100.64.0.0 100.127.255.255 127.0.0.1 169.254.169.254 172.16.0.0 " +
    "172.31.255.0 192.0.0.1 192.0.2.0 192.88.99.1 192.168.7.0 198.18.0.0 198.19.255.255 198.51.100.0 " +
    "203.0.113.255 224.0.0.1 239.255.255.255 255.255.255.255 :: ::1 64:ff9b:: 64:ff9b:1:: 100:: 2001:: " +
    "2001:db8:: 2001:db8:ffff::1 2002:cb00:7100:: 3fff:: 5f00:: fc00:: fd12:3456:789a:: fe80:: " +
    "fe80::1%eth0 ff02::1 ::ffff:203.0.113.9"
  ).split(" "),
)("%s is in no place", (ip) => {
  expect(isSpecialAddress(ip)).toBe(true);
});

test.each(
  (
    "1.1.1.1 9.255.255.255 11.0.0.0 100.63.255.255 100.128.0.0 172.15.255.255 172.32.0.0 192.0.1.0 " +
    "192.0.3.0 192.167.255.255 198.17.255.255 198.20.0.0 198.51.99.0 203.0.114.0 223.255.255.255 " +
    "81.2.69.0 2001:200:: 2001:db9:: 2003:: 2a02:8100:: 2606:4700::1111 ::ffff:81.2.69.142 no address"
  ).split(" "),
)("%s may be somewhere", (ip) => {
  expect(isSpecialAddress(ip)).toBe(false);
});

test("a file that has a country for such an address is not asked", async () => {
  const path = fileURLToPath(new URL("../../fixtures/GeoIP2-City-Test.mmdb", import.meta.url));
  const whereIs = await openGeoDatabase(path);
  expect(whereIs("2001:220::")).toMatchObject({ country: "KR" });
  // The file says London for this one, 6to4.
  expect(whereIs("2002:5102:458e::")).toBeUndefined();
});
