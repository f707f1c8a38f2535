import { Client, type ClientOptions } from "@opensearch-project/opensearch";

export type { ClientOptions };

/**
 * A client with the settings the store relies on: it answers each request once (retries and their back-off are the store's), and
 * properties named `__proto__` or `constructor` are properties. An address with a user in it (`https://user:password@host`) means
 * basic auth; requests are signed by what `aws-v3` of the client's package gives to spread into the options.
 */
export function openClient(options: ClientOptions): Client {
  return new Client({
    ...options,
    maxRetries: 0,
    resurrectStrategy: "none",
    disablePrototypePoisoningProtection: true,
  });
}
