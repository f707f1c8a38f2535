import type { Queue } from "@millrace/core";
import type { Counters } from "../registry/counters.ts";

/** A queue whose acknowledged messages are counted as accepted: the ledger's first side. A refused message counts as nothing. */
export function countAccepted(queue: Pick<Queue, "send">, counters: Pick<Counters, "accept">): Pick<Queue, "send"> {
  return {
    async send(message) {
      await queue.send(message);
      counters.accept(message.group, message.accepted.receivedAt, message.accepted.events);
    },
  };
}
