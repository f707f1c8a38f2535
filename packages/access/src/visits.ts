import {
  MillraceError,
  mintId,
  VISIT_TIMEOUT_MS,
  type Clock,
  type RandomBytes,
  type Registry,
  type VisitAnswer,
  type Visits,
  type VisitTouch,
} from "@millrace/core";

/** The running visit of one visitor. */
interface VisitRecord {
  readonly visit: string;
  /** Page views handed out so far. */
  readonly pages: number;
  /** Times of the oldest and newest event seen, milliseconds UTC. */
  readonly first: number;
  readonly last: number;
  /** The newest page views and their numbers, so that a retried request gets the same ones. */
  readonly recent: readonly (readonly [eventId: string, page: number])[];
}

/** Far more page views than a tracker keeps unacknowledged; a request with more is kept whole. */
const RECENT_KEPT = 100;
/** A laptop may be closed overnight with a request unanswered and send it again in the morning. */
const KEEP_MS = 24 * 3_600_000;
/** Every lost race means that another request of this visitor got on. */
const MAX_ATTEMPTS = 50;
const VISIT_ID_BYTES = 10;

/**
 * Visits in the registry, one item per visitor, changed only by conditional writes: two requests at once never get the same
 * page number.
 * @throws from `touch`, what the registry throws, and MillraceError `ServiceUnavailable` after too many lost races. The caller
 * then starts a new visit: an event is never lost for its visit's sake.
 */
export function createVisits(deps: { registry: Registry; clock: Clock; random: RandomBytes }): Visits {
  const { registry, clock, random } = deps;
  return {
    async touch(request) {
      const key = { partition: `visit:${request.project}:${request.visitor}`, sort: "current" };
      for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
        const item = await registry.get<VisitRecord>(key);
        const before = item && continues(item.value, request) ? item.value : newVisit(request.at, random);
        const { record, answer } = advance(before, request);
        // Late events of a visit that is over: they get an id of their own and must not end the visit that runs now.
        if (item && request.at < item.value.first && before !== item.value) return answer;
        const written = await registry.put(key, record, {
          if: item?.version ?? "absent",
          expiresAt: clock.now() + KEEP_MS,
        });
        if (written) return answer;
      }
      throw new MillraceError("ServiceUnavailable", "Too many requests of one visitor at once. Try again.");
    },
  };
}

/** The same visit: less than 30 minutes of silence on either side, or a retry of a request it has answered. */
function continues(record: VisitRecord, { at, pageViews }: VisitTouch): boolean {
  if (at - record.last <= VISIT_TIMEOUT_MS && record.first - at <= VISIT_TIMEOUT_MS) return true;
  return record.recent.some(([id]) => pageViews.includes(id));
}

function newVisit(at: number, random: RandomBytes): VisitRecord {
  return { visit: mintId(at, random(VISIT_ID_BYTES)), pages: 0, first: at, last: at, recent: [] };
}

function advance(before: VisitRecord, request: VisitTouch): { record: VisitRecord; answer: VisitAnswer } {
  const numbers = new Map(before.recent);
  let pages = before.pages;
  const answered = request.pageViews.map((id): [string, number] => {
    const page = numbers.get(id) ?? ++pages;
    numbers.set(id, page);
    return [id, page];
  });
  const record: VisitRecord = {
    visit: before.visit,
    pages,
    first: Math.min(before.first, request.at),
    last: Math.max(before.last, request.at),
    recent: [...numbers].slice(-Math.max(RECENT_KEPT, request.pageViews.length)),
  };
  return { record, answer: { visit: before.visit, pages: answered.map(([, page]) => page) } };
}
