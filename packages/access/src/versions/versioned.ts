import type { AppendOutcome, Deletion, EventEraser, EventSink, Versions } from "@millrace/core";

type Erasing = Partial<Pick<EventEraser, "deleteWhere" | "deleteProperty">>;
type Writing = Pick<EventSink, "append"> & Erasing;

/** The same store; what it stores or deletes moves the version of its project. */
export function versioned<Store extends Writing>(store: Store, versions: Pick<Versions, "moved">): Store {
  const { deleteWhere, deleteProperty } = store;
  const moving = async (project: string, work: Promise<Deletion>): Promise<Deletion> => {
    const deletion = await work;
    if (deletion.events > 0) await versions.moved([project]);
    return deletion;
  };
  return {
    ...store,
    append: async (events, options) => {
      const outcomes = await store.append(events, options);
      const stored = events.filter((_, i) => isNew(outcomes[i]));
      if (stored.length > 0) await versions.moved(new Set(stored.map(({ project }) => project)));
      return outcomes;
    },
    ...(deleteWhere &&
      ({ deleteWhere: (where, options) => moving(where.project, deleteWhere(where, options)) } satisfies Erasing)),
    ...(deleteProperty &&
      ({
        deleteProperty: (where, options) => moving(where.project, deleteProperty(where, options)),
      } satisfies Erasing)),
  };
}

/** An own retry may be the first that comes to an end: its attempt before may have died between storing and noting. */
function isNew(outcome: AppendOutcome | undefined): boolean {
  return outcome?.kind === "stored" || outcome?.kind === "own-retry";
}
