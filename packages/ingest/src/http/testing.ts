import {
  createAccess,
  createMonthlyEvents,
  createRates,
  createRegistryVisitTable,
  createSalts,
  createVisits,
  systemRandom,
  type Project,
} from "@millrace/access";
import { breakableRegistry, fakeClock } from "@millrace/access/testing";
import {
  decodeEnvelope,
  eventAt,
  hourOf,
  MillraceError,
  type AcceptedEvent,
  type Envelope,
  type OutgoingMessage,
  type Refusal,
} from "@millrace/core";
import type { Hono } from "hono";
import type { IngestAppDeps } from "../deps.ts";
import { createIngestApp } from "./routes.ts";

/** A queue port that keeps what it is sent in memory, or refuses everything. */
function recordingQueue() {
  const messages: OutgoingMessage[] = [];
  /** `refusesEvery`: of every so many messages the last. */
  const state = { refuses: false, refusesEvery: 0 };
  let asked = 0;
  return {
    messages,
    state,
    /** As a queue counts what it has taken. */
    accepted: (project: string) =>
      messages
        .filter(({ group }) => group === project)
        .map(({ accepted }) => ({ hour: hourOf(accepted.receivedAt), count: accepted.events })),
    envelopes: (): Envelope[] => messages.map((message) => decodeEnvelope(message.body)),
    async send(message: OutgoingMessage): Promise<void> {
      asked++;
      if (state.refuses || (state.refusesEvery > 0 && asked % state.refusesEvery === 0))
        throw new MillraceError("ServiceUnavailable", "Refused on purpose.");
      messages.push(message);
    },
  };
}

export const ADDRESS = "203.0.113.77";
export const BROWSER = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";

/** The ingest app on a real registry, with its queue and its refusals in view. */
export async function ingestUnderTest(options: Partial<IngestAppDeps> & { wrap?: (app: Hono) => Hono } = {}) {
  const clock = fakeClock();
  const { registry, state: registryState } = breakableRegistry(clock);
  const access = createAccess({ registry, clock, random: systemRandom });
  const created = await access.projects.create({ name: "Shop", redirectHosts: ["shop.example"] });
  const project: Project = created;
  const keys = {
    write: await access.keys.create(project.id, "write"),
    read: await access.keys.create(project.id, "read"),
    master: await access.keys.create(project.id, "master"),
  };
  const queue = recordingQueue();
  const refused: Refusal[] = [];
  const app = createIngestApp({
    access,
    queue,
    visits: createVisits({ table: createRegistryVisitTable(registry, clock), random: systemRandom }),
    salts: createSalts({ registry, clock, random: systemRandom }),
    clock,
    random: systemRandom,
    instance: "test",
    rates: createRates({ registry, clock }),
    months: createMonthlyEvents({ registry, clock, accepted: async (of: string) => queue.accepted(of) }),
    refusals: { count: (refusal) => void refused.push(refusal) },
    peerAddress: () => ADDRESS,
    report: () => {},
    ...options,
  });
  const path = (rest = "") => `/3.0/projects/${project.id}/events${rest}`;
  const events = (): AcceptedEvent[] =>
    queue.envelopes().flatMap((envelope) => envelope.events.map((_, ordinal) => eventAt(envelope, ordinal)));
  /** Records with the write key unless another is given; a text goes out as it is. */
  const post = (rest: string, body: unknown, headers: Record<string, string> = {}) =>
    app.request(path(rest), {
      method: "POST",
      headers: { authorization: keys.write, "content-type": "application/json", ...headers },
      body: typeof body === "string" || body instanceof Uint8Array ? (body as string) : JSON.stringify(body),
    });
  const track = (body: unknown, headers: Record<string, string> = {}) =>
    app.request("/v1/e", {
      method: "POST",
      headers: { "content-type": "text/plain;charset=UTF-8", "user-agent": BROWSER, ...headers },
      body: typeof body === "string" ? body : JSON.stringify(body),
    });
  return { app, access, clock, registryState, project, keys, queue, refused, path, events, post, track };
}

/** Status and error code of an answer. */
export async function outcome(response: Response): Promise<[status: number, code: unknown]> {
  const body = (await response.json()) as { error_code?: string };
  return [response.status, body.error_code];
}
