import { PRICES } from "./prices.ts";

/**
 * How often each part of AWS is called for each unit of work, as the code does it. The bill is made of these, and the rehearsal
 * counts the calls of a real flow against them: a loop that asks twice is seen here before it is seen on an invoice.
 */
export const CALLS = {
  /** One HTTP request that records events, on its way from the viewer into the queue. */
  request: {
    "cloudfront:request": 1,
    // For the request and for its answer.
    "cloudfront:function": 2,
    // The host's routes and the origin's settings.
    "cloudfront:key-value-read": 2,
    "apigateway:request": 1,
    "lambda:invoke": 1,
    // Per 64 KB of the message.
    "sqs:SendMessage": 1,
  },
  /** On top of it, a request with a page view: one conditional write makes the visit go on. */
  pageView: { "dynamodb:write": 1 },
  /** On top of it, a visitor's request without one: it looks where the visit is. */
  visitRead: { "dynamodb:read": 1 },
  /** A process of ingest notes its totals once a second at most. */
  totals: { "dynamodb:write": 1 },
  /** One invocation of the collector, whatever the number of its messages (up to a hundred). */
  collect: { "lambda:invoke": 1, "es:bulk": 1 },
  /** The same where the stage has an archive. */
  archive: { "s3:PutObject": 1 },
  /**
   * A process of the collector, in each ten seconds in which it works: it asks what was deleted, notes how far it has come, and that
   * a project has new events. Each further project of which it stored some is one more write.
   */
  collecting: { "dynamodb:read": 1, "dynamodb:write": 2 },
  /** Messages that SQS hands over and takes back together: ten at most, and no more than one invocation gets. */
  handover: { "sqs:ReceiveMessage": 1, "sqs:DeleteMessage": 1 },
  /** An open page asks whether anything is new, and is mostly told that nothing is. */
  beat: {
    "cloudfront:request": 1,
    "cloudfront:function": 2,
    "cloudfront:key-value-read": 2,
    "apigateway:request": 1,
    "lambda:invoke": 1,
    "dynamodb:read": 1,
  },
  /**
   * One question, or all of a page in one request, from the viewer to the store: its place among the project's questions is taken and given back (a read, two writes),
   * and what is new is asked.
   */
  query: {
    "cloudfront:request": 1,
    "cloudfront:function": 2,
    "cloudfront:key-value-read": 2,
    "apigateway:request": 1,
    "lambda:invoke": 1,
    "dynamodb:read": 2,
    "dynamodb:write": 2,
  },
  /** Every ten minutes: what is left of deletions, and kept answers that are due. Of a stage with one project and nothing to do. */
  round: { "lambda:invoke": 2, "dynamodb:read": 3 },
  /**
   * One kept answer computed anew: its project's place is taken and given back, its definition, the names and the version are read, and
   * the answer (about a kilobyte) and its place in the schedule are written.
   */
  refresh: { "dynamodb:read": 4, "dynamodb:write": 4 },
  /** Lines of a log that CloudWatch hands to the forwarder together. */
  forward: { "lambda:invoke": 1, "es:bulk": 1 },
} as const satisfies Readonly<Record<string, Readonly<Partial<Record<CallName, number>>>>>;

export type Work = keyof typeof CALLS;

/** What is counted and billed. `es:bulk` is not billed: the domain's nodes are. */
export type CallName =
  | "cloudfront:request"
  | "cloudfront:function"
  | "cloudfront:key-value-read"
  | "apigateway:request"
  | "lambda:invoke"
  | "sqs:SendMessage"
  | "sqs:ReceiveMessage"
  | "sqs:DeleteMessage"
  | "dynamodb:read"
  | "dynamodb:write"
  | "s3:PutObject"
  | "es:bulk";

/** How much of each kind of work was done. */
export type Amounts = Readonly<Partial<Record<Work, number>>>;

/** Calls that so much work takes, by name: what a rehearsed flow should have counted. */
export function callsOf(work: Amounts): Map<CallName, number> {
  const calls = new Map<CallName, number>();
  for (const [kind, amount] of Object.entries(work) as [Work, number][])
    for (const [name, each] of Object.entries(CALLS[kind]) as [CallName, number][])
      calls.set(name, (calls.get(name) ?? 0) + each * amount);
  return calls;
}

/** Dollars for one call. The gateway's price falls with the amount; this is that of the first 300 million. */
export const PRICE_OF_CALL: Readonly<Record<CallName, number>> = {
  "cloudfront:request": PRICES.cloudFront.request,
  "cloudfront:function": PRICES.cloudFront.functionCall,
  "cloudfront:key-value-read": PRICES.cloudFront.keyValueRead,
  "apigateway:request": PRICES.httpApi[0].price,
  "lambda:invoke": PRICES.lambda.request,
  "sqs:SendMessage": PRICES.sqsRequest,
  "sqs:ReceiveMessage": PRICES.sqsRequest,
  "sqs:DeleteMessage": PRICES.sqsRequest,
  "dynamodb:read": PRICES.dynamoDb.read,
  "dynamodb:write": PRICES.dynamoDb.write,
  "s3:PutObject": PRICES.s3.put,
  "es:bulk": 0,
};
