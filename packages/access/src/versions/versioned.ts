import type { AppendOutcome, EventEraser, EventSink, Versions } from "@millrace/core";

type Writing = Pick<EventSink, "append"> & Partial<Pick<EventEraser, "deleteWhere">>;

/** The same store; what it stores or deletes moves the version of its project. */
export function versioned<Store extends Writing>(store: Store, versions: Pick<Versions, "moved">): Store {
  const { deleteWhere } = store;
  return {
    ...store,
    append: async (events, options) => {
      const outcomes = await store.append(events, options);
      const stored = events.filter((_, i) => isNew(outcomes[i]));
      if (stored.length > 0) await versions.moved(new Set(stored.map(({ project }) => project)));
      return outcomes;
    },
    ...(deleteWhere &&
      ({
        deleteWhere: async (where, options) => {
          const deletion = await deleteWhere(where, options);
          if (deletion.events > 0) await versions.moved([where.project]);
          return deletion;
        },
      } satisfies Partial<EventEraser>)),
  };
}

/** An own retry may be the first that comes to an end: its attempt before may have died between storing and noting. */
function isNew(outcome: AppendOutcome | undefined): boolean {
  return outcome?.kind === "stored" || outcome?.kind === "own-retry";
}
