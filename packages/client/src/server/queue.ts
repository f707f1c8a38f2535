import type { Waiting } from "./events.ts";

/** One request holds at most this: well below what the server takes, so that a batch never has to be cut for its size. */
const BATCH_EVENTS = 100;
const BATCH_BYTES = 256 * 1024;

/** Events that wait to be sent, oldest first, bounded by their bytes: a server that is down must not take the process with it. */
export class WaitingEvents {
  readonly #limit: number;
  #events: Waiting[] = [];
  #bytes = 0;

  constructor(limitBytes: number) {
    this.#limit = limitBytes;
  }

  get size(): number {
    return this.#events.length;
  }

  /** True when there is a whole batch. */
  get full(): boolean {
    return this.size >= BATCH_EVENTS || this.#bytes >= BATCH_BYTES;
  }

  /** False: there is no room, and the event was not taken. What waits already is older, and nearer to being sent. */
  add(event: Waiting): boolean {
    if (this.#bytes + event.bytes > this.#limit) return false;
    this.#events.push(event);
    this.#bytes += event.bytes;
    return true;
  }

  /** The oldest events that fit into one request; they stay until {@link remove}. */
  batch(): readonly Waiting[] {
    let bytes = 0;
    const end = this.#events.findIndex(
      (event, index) => index > 0 && (index === BATCH_EVENTS || (bytes += event.bytes) > BATCH_BYTES),
    );
    return this.#events.slice(0, end < 0 ? undefined : end);
  }

  /** Takes all out, and says how many. */
  clear(): number {
    const { size } = this;
    this.remove(size);
    return size;
  }

  /** Takes the oldest events out. */
  remove(count: number): void {
    for (const { bytes } of this.#events.splice(0, count)) this.#bytes -= bytes;
  }
}
