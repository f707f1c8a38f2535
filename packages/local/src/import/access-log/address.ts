import { isIP } from "node:net";

const BRACKETS = /^\[([0-9A-Fa-f:.]+)(?:%[^\]]*)?\](?::\d+)?$/;
const IPV4_AND_PORT = /^(\d{1,3}(?:\.\d{1,3}){3}):\d+$/;
/** Without brackets only a port of five digits can be told: no part of an address has so many. */
const IPV6_AND_PORT = /^([0-9A-Fa-f:.]*:[0-9A-Fa-f:.]+):\d{5}$/;
const HOST_NAME =
  /^(?=.{1,253}$)[\p{L}\p{N}](?:[\p{L}\p{N}_-]*[\p{L}\p{N}])?(?:\.[\p{L}\p{N}](?:[\p{L}\p{N}_-]*[\p{L}\p{N}])?)*\.?$/u;

/** The IP address in a field, whatever stands around it: a port, brackets, IPv6's zone. Undefined when there is none. */
export function readAddress(field: string): string | undefined {
  const bare =
    [BRACKETS, IPV4_AND_PORT, IPV6_AND_PORT]
      .map((form) => form.exec(field)?.[1])
      .find((found) => found !== undefined) ??
    field.split("%", 1)[0] ??
    "";
  return isIP(bare) === 0 ? undefined : bare;
}

/** The first address of a list as proxies write it, `client, proxy, proxy`: that of the visitor. */
export function readForwarded(field: string): string | undefined {
  for (const part of field.split(",")) {
    const address = readAddress(part.trim());
    if (address !== undefined) return address;
  }
  return undefined;
}

function isHostName(text: string): boolean {
  return HOST_NAME.test(text);
}

/** `shop.example.com:443` as a site is named: lower case, without a usual port. Undefined for what is no host. */
export function readHost(field: string | undefined): string | undefined {
  if (field === undefined) return undefined;
  const [, name = "", port] = /^(\[[0-9A-Fa-f:.]+\]|[^:/?#@\s]+)(?::(\d{1,5}))?$/.exec(field) ?? [];
  if (!isHostName(name) && readAddress(name) === undefined) return undefined;
  const host = name.toLowerCase().replace(/\.$/, "");
  return port === undefined || port === "80" || port === "443" ? host : `${host}:${port}`;
}
