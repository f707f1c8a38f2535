/**
 * AWS list prices in us-east-1, US dollars, on demand, without free tiers. Gathered from public copies of the price lists between
 * July and November 2026; they agreed with each other within 5 %. Check them against AWS's pages before a decision hangs on them.
 */
export const PRICES_AS_OF = "2026-11";

/** A price that falls with the amount: each step's price holds up to its end. */
export type Steps = readonly { readonly upTo: number; readonly price: number }[];

export const PRICES = {
  /** Per request of up to 512 KB. */
  httpApi: [
    { upTo: 300e6, price: 1.0e-6 },
    { upTo: Number.POSITIVE_INFINITY, price: 0.9e-6 },
  ] as const satisfies Steps,
  lambda: {
    request: 0.2e-6,
    /** arm64, up to 7.5 billion GB-seconds. */
    gbSecond: 0.0000133334,
  },
  /** Standard queue, per request; 64 KB of a payload are one request. */
  sqsRequest: 0.4e-6,
  dynamoDb: {
    /** On demand: one item of up to 1 KB written, one of up to 4 KB read with strong consistency. */
    write: 0.625e-6,
    read: 0.125e-6,
    gbMonth: 0.25,
  },
  cloudFront: { request: 1.0e-6, functionCall: 0.1e-6, keyValueRead: 0.03e-6, gb: 0.085 },
  /** One list with one rule, and each request that it looks at. */
  waf: { aclMonth: 5, ruleMonth: 1, request: 0.6e-6 },
  openSearch: {
    /** Per node and hour. */
    nodeHour: {
      "t3.small": 0.036,
      "t3.medium": 0.073,
      "m7g.medium": 0.068,
      "m7g.large": 0.135,
      "r7g.large": 0.178,
      "r7g.xlarge": 0.356,
      "or2.large": 0.2,
      "ultrawarm1.medium": 0.238,
    },
    /** The service's own price for gp3, above that of plain EBS. */
    gp3GbMonth: 0.122,
    /** Storage behind UltraWarm nodes. */
    managedGbMonth: 0.024,
  },
  cloudWatch: { logGb: 0.5, metricMonth: 0.3, alarmMonth: 0.1 },
  s3: { put: 5e-6, gbMonth: 0.023 },
} as const;

export type NodeType = keyof typeof PRICES.openSearch.nodeHour;

/** Hours of a month, as AWS counts it. */
export const HOURS_PER_MONTH = 730;

/** The price of an amount over its steps. */
export function stepped(amount: number, steps: Steps): number {
  let from = 0;
  let sum = 0;
  for (const { upTo, price } of steps) {
    sum += Math.max(0, Math.min(amount, upTo) - from) * price;
    from = upTo;
  }
  return sum;
}
