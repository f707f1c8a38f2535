/**
 * Does one step after the other, whatever became of those before: a store that is away must not keep a salt alive or a dead letter from
 * being kept.
 * @throws what the one step threw that failed, or an AggregateError of all that did, when all were done
 */
export async function eachStep(steps: readonly (() => Promise<void>)[]): Promise<void> {
  const failures: unknown[] = [];
  for (const step of steps) await step().catch((failure: unknown) => failures.push(failure));
  if (failures.length === 1) throw failures[0];
  if (failures.length > 1) throw new AggregateError(failures, failures.map(messageOf).join(" "));
}

function messageOf(failure: unknown): string {
  return failure instanceof Error ? failure.message : String(failure);
}
