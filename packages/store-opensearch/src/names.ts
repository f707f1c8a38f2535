/** Names of everything the store has on the server. All begin with the prefix, so that several stores can share a cluster. */
export interface IndexNames {
  /** Read alias over all partitions of events. */
  readonly events: string;
  /** Write alias of one partition: `202611`, or `other`. */
  readonly partition: (key: string) => string;
  /** Concrete index of one partition in one version of its mapping. */
  readonly index: (key: string, version: number) => string;
  readonly exceptions: string;
  readonly exceptionsIndex: (version: number) => string;
  readonly template: string;
  readonly exceptionsTemplate: string;
  readonly eventsPattern: string;
  readonly exceptionsPattern: string;
}

/** What has no month of its own. */
export const OTHER = "other";

export const DEFAULT_PREFIX = "millrace";

/** @throws Error when the prefix cannot begin the name of an index */
export function indexNames(prefix: string): IndexNames {
  if (!/^[a-z][a-z0-9-]{0,60}$/.test(prefix)) {
    throw new Error(`"${prefix}" cannot begin an index name: a letter, then lower-case letters, digits and dashes.`);
  }
  const numbered = (name: string, version: number) => `${name}-v${String(version).padStart(4, "0")}`;
  const partition = (key: string) => `${prefix}-events-${key}`;
  const exceptions = `${prefix}-exceptions`;
  return {
    events: `${prefix}-events`,
    partition,
    index: (key, version) => numbered(partition(key), version),
    exceptions,
    exceptionsIndex: (version) => numbered(exceptions, version),
    template: `${prefix}-events`,
    exceptionsTemplate: exceptions,
    eventsPattern: `${prefix}-events-*-v*`,
    exceptionsPattern: `${exceptions}-v*`,
  };
}
