import { UNGROUPED } from "@millrace/core";

/** Names of everything the store has on the server. All begin with the prefix, so that several stores can share a cluster. */
export interface IndexNames {
  /** Read alias over all partitions of events. */
  readonly events: string;
  /** Read alias of one group of projects. */
  readonly group: (group: string) => string;
  /** Write alias of one partition: `g0-202611`, or `g0-other`. */
  readonly partition: (key: string) => string;
  /** Concrete index of one partition in one version of its mapping. */
  readonly index: (key: string, version: number) => string;
  /** Write alias of the partition that a concrete index is a version of. */
  readonly aliasOf: (index: string) => string;
  /** Read alias over all exceptions, and write alias of those that no month has for itself. */
  readonly exceptions: string;
  /** Write alias of the exceptions of events received in a month. */
  readonly exceptionsOf: (month: string) => string;
  readonly exceptionsIndex: (alias: string, version: number) => string;
  readonly template: string;
  readonly exceptionsTemplate: string;
  readonly eventsPattern: string;
  readonly exceptionsPattern: string;
}

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
    group: (group) => `${prefix}-group-${group === UNGROUPED ? "none" : group}`,
    partition,
    index: (key, version) => numbered(partition(key), version),
    aliasOf: (index) => index.replace(/-v\d{4,}$/, ""),
    exceptions,
    exceptionsOf: (month) => `${exceptions}-${month}`,
    exceptionsIndex: numbered,
    template: `${prefix}-events`,
    exceptionsTemplate: exceptions,
    eventsPattern: `${prefix}-events-*-v*`,
    exceptionsPattern: `${exceptions}-*`,
  };
}
