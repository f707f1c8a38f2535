import { BlockList, isIP } from "node:net";

/**
 * Networks that are nobody's on the public Internet, by IANA's registries of special-purpose addresses (RFC 6890, IPv4 and IPv6) and
 * of multicast: private and shared ones, loopback, link-local, documentation, benchmarks, anycast of the Internet's own services, and
 * IPv6 addresses that stand for IPv4 ones.
 */
const SPECIAL = [
  "0.0.0.0/8",
  "10.0.0.0/8",
  "100.64.0.0/10",
  "127.0.0.0/8",
  "169.254.0.0/16",
  "172.16.0.0/12",
  "192.0.0.0/24",
  "192.0.2.0/24",
  "192.31.196.0/24",
  "192.52.193.0/24",
  "192.88.99.0/24",
  "192.168.0.0/16",
  "192.175.48.0/24",
  "198.18.0.0/15",
  "198.51.100.0/24",
  "203.0.113.0/24",
  "224.0.0.0/4",
  "240.0.0.0/4",
  "::/96",
  "64:ff9b::/96",
  "64:ff9b:1::/48",
  "100::/32",
  "2001::/23",
  "2001:db8::/32",
  "2002::/16",
  "2620:4f:8000::/48",
  "3fff::/20",
  "5f00::/16",
  "fc00::/7",
  "fe80::/10",
  "fec0::/10",
  "ff00::/8",
];

const networks = new BlockList();
for (const range of SPECIAL) {
  const [network = "", bits = ""] = range.split("/");
  networks.addSubnet(network, Number(bits), isIP(network) === 6 ? "ipv6" : "ipv4");
}

/**
 * True for an address that is in no place. A geo file may well have one for it: registries count their own networks, and files fill
 * gaps with neighbours. An IPv4 address that is written as IPv6 (`::ffff:…`) is the IPv4 address.
 */
export function isSpecialAddress(ip: string): boolean {
  const [address = ""] = ip.split("%", 1);
  const family = isIP(address);
  return family !== 0 && networks.check(address, family === 6 ? "ipv6" : "ipv4");
}
