/** What is done to the product, and how far it may reach: `local` harms one project or one message at most, `global` everybody. */
export const FAULTS = {
  kill: { reach: "global", seconds: 0, says: "kill -9 of the process, then a start" },
  outage: { reach: "global", seconds: 8, says: "the store is gone" },
  freeze: { reach: "global", seconds: 3, says: "the process stands still (SIGSTOP)" },
  "slow-store": { reach: "global", seconds: 6, says: "every answer of the store comes late" },
  "blocked-partition": { reach: "local", seconds: 12, says: "one partition takes no writes" },
  "hung-registry": { reach: "global", seconds: 3, says: "somebody else holds the registry's write lock" },
  "full-disk": { reach: "global", seconds: 5, says: "no byte left on the disk" },
  "cut-lines": { reach: "global", seconds: 6, says: "connections break in mid-request and in mid-answer" },
  "silent-lines": { reach: "global", seconds: 4, says: "connections stay open and say nothing" },
  replay: { reach: "local", seconds: 0, says: "messages are delivered again" },
  garbage: { reach: "local", seconds: 8, says: "requests that are none" },
  hostile: {
    reach: "local",
    seconds: 12,
    says: "one project sends names, sizes, tokens and questions as bad as it can",
  },
} as const satisfies Record<string, { reach: "local" | "global"; seconds: number; says: string }>;

export type FaultKind = keyof typeof FAULTS;
