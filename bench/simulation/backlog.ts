/** Times of arrival of the messages that wait, first in first out, without an object for each. */
export interface Backlog {
  readonly size: number;
  push(arrivedAt: number): void;
  /** Takes the oldest. Only to be called when there is one. */
  shift(): number;
}

export function createBacklog(): Backlog {
  let ring = new Float64Array(1_024);
  let head = 0;
  let size = 0;
  return {
    get size() {
      return size;
    },
    push(arrivedAt) {
      if (size === ring.length) {
        const larger = new Float64Array(size * 2);
        for (let i = 0; i < size; i++) larger[i] = ring[(head + i) % size] ?? 0;
        ring = larger;
        head = 0;
      }
      ring[(head + size) % ring.length] = arrivedAt;
      size++;
    },
    shift() {
      const oldest = ring[head] ?? 0;
      head = (head + 1) % ring.length;
      size--;
      return oldest;
    },
  };
}
