/**
 * Runs `work` for every item, so many at a time: calls that wait for somebody else take their time together. The first failure ends it;
 * what has begun then goes on.
 */
export async function sideBySide<T>(
  items: Iterable<T>,
  atATime: number,
  work: (item: T) => Promise<unknown>,
): Promise<void> {
  const next = items[Symbol.iterator]();
  let failed = false;
  const worker = async (): Promise<void> => {
    for (let step = next.next(); !step.done && !failed; step = next.next()) {
      try {
        await work(step.value);
      } catch (thrown) {
        failed = true;
        throw thrown;
      }
    }
  };
  await Promise.all(Array.from({ length: atATime }, worker));
}
