import type { DatabaseSync, SQLOutputValue } from "node:sqlite";
import type { ReceivedMessage } from "@millrace/core";
import { messageWeight } from "@millrace/core/message-weight";
import type { Claim, Operations } from "./embedded-protocol.ts";

// The projects that have live messages, by hopping through the index: the cost follows the number of projects, not of messages.
const PROJECTS = `
WITH RECURSIVE live(project) AS (
  SELECT min(project) FROM message WHERE dead_at IS NULL
  UNION ALL
  SELECT (SELECT min(project) FROM message WHERE dead_at IS NULL AND project > live.project) FROM live WHERE live.project IS NOT NULL
)
SELECT project FROM live WHERE project IS NOT NULL`;

/**
 * Hands out messages in turn: each project gets its share of every claim, in messages and in what they unpack to, whatever its
 * backlog.
 */
export function createClaim(
  database: DatabaseSync,
  maxReceiveCount: number,
): (args: Operations["receive"]["args"]) => Claim {
  const projectsWithMessages = database.prepare(PROJECTS);
  const visible = database.prepare(
    `SELECT seq, sent_at, receive_count, deliveries FROM message
     WHERE dead_at IS NULL AND project = ? AND visible_at <= ? ORDER BY visible_at, seq LIMIT ?`,
  );
  const nextVisible = database.prepare(
    "SELECT min(visible_at) AS at FROM message WHERE dead_at IS NULL AND project = ? AND visible_at > ?",
  );
  const body = database.prepare("SELECT text FROM body WHERE seq = ?");
  const deliver = database.prepare(
    "UPDATE message SET visible_at = ?, receive_count = receive_count + 1, deliveries = deliveries + 1 WHERE seq = ?",
  );
  const bury = database.prepare("UPDATE message SET dead_at = ? WHERE seq = ?");
  let lastServed = "";

  return ({ max, maxBytes = Infinity, except, visibilityMs, now }) => {
    const unwanted = new Set(except);
    const names = projectsWithMessages
      .all()
      .map((row) => String(row["project"]))
      .filter((name) => !unwanted.has(name));
    const messages: ReceivedMessage[] = [];
    let weight = 0;
    const isFull = () => messages.length >= max || weight >= maxBytes;
    let turn = inTurn(names, lastServed);
    while (!isFull() && turn.length > 0) {
      const again: string[] = [];
      for (const [index, project] of turn.entries()) {
        if (isFull()) break;
        const share = Math.max(1, Math.floor((max - messages.length) / (turn.length - index)));
        const heavy = weight + (maxBytes - weight) / (turn.length - index);
        const rows = visible.all(project, now, share);
        let taken = 0;
        for (const row of rows) {
          if (isFull() || weight >= heavy) break;
          take(row, project);
          taken++;
        }
        if (taken > 0) lastServed = project;
        if (rows.length === share || taken < rows.length) again.push(project);
      }
      turn = again;
    }
    return { messages, nextVisibleAt: messages.length > 0 ? null : soonest(names) };

    function take(row: Record<string, SQLOutputValue>, group: string): void {
      const seq = Number(row["seq"]);
      // As in SQS, a message dies when it would be handed out once too often, so the last receiver has its full time.
      if (Number(row["receive_count"]) >= maxReceiveCount) {
        bury.run(now, seq);
        return;
      }
      deliver.run(now + visibilityMs, seq);
      const text = String(body.get(seq)?.["text"]);
      weight += messageWeight(text);
      messages.push({
        id: String(seq),
        receipt: `${seq}.${Number(row["deliveries"]) + 1}`,
        body: text,
        group,
        receiveCount: Number(row["receive_count"]) + 1,
        redriven: Number(row["deliveries"]) > Number(row["receive_count"]),
        sentAt: Number(row["sent_at"]),
      });
    }

    function soonest(projects: readonly string[]): number | null {
      let at: number | null = null;
      for (const project of projects) {
        const next = nextVisible.get(project, now)?.["at"];
        if (typeof next === "number" && (at === null || next < at)) at = next;
      }
      return at;
    }
  };
}

/** The names rotated so that the one after `last` comes first. */
function inTurn(names: readonly string[], last: string): string[] {
  const start = names.findIndex((name) => Buffer.compare(Buffer.from(name), Buffer.from(last)) > 0);
  return start <= 0 ? [...names] : [...names.slice(start), ...names.slice(0, start)];
}
