import { createDeletions, createTombstones, readDeletion, type Projects } from "@millrace/access";
import { TOMBSTONE_CACHE_MS, type Clock, type EventEraser, type RandomBytes, type Registry } from "@millrace/core";
import { parseArgs } from "node:util";

export const DELETE_USAGE = `delete --project P [--visitor V | --collection C] [--from T] [--to T] [--yes]
                       counts the events, and with --yes deletes them for good; T is ISO 8601, UTC
                       unless it says otherwise. Without a condition: every event of the project`;

export interface DeleteParts {
  readonly store: EventEraser;
  readonly registry: Registry;
  readonly projects: Pick<Projects, "get">;
  readonly clock: Clock;
  readonly random: RandomBytes;
  /** Resolves after so many milliseconds. */
  readonly wait: (ms: number) => Promise<void>;
  readonly print: (line: string) => void;
}

/**
 * Counts what a deletion would take, and deletes it when told `--yes`.
 * @param args what follows the command
 * @throws Error for people: what is wrong with the arguments, or why it could not be deleted
 */
export async function deleteEvents(parts: DeleteParts, args: readonly string[]): Promise<void> {
  const { store, projects, clock, print } = parts;
  const { yes = false, project, ...conditions } = readArguments(args);
  if (project === undefined) throw new Error(`delete needs --project.\n\n  ${DELETE_USAGE}`);
  const where = await readDeletion(projects, { project, ...conditions }, clock.now());
  const count = await store.countWhere(where);
  const what = JSON.stringify(conditions) === "{}" ? "everything" : JSON.stringify(conditions);
  print(
    `${count} stored events of ${project}: ${what}, received until ${new Date(where.receivedBefore).toISOString()}.`,
  );
  if (!yes) {
    print("Nothing was deleted. The same command with --yes deletes them; there is no way back.");
    return;
  }
  print(`No collector will store any of them; waiting ${TOMBSTONE_CACHE_MS / 1000} s until all have heard of it …`);
  const deletions = createDeletions({ ...parts, tombstones: createTombstones(parts) });
  const { events, rejected } = await deletions.delete(where);
  print(`${events} events deleted${rejected > 0 ? `, and the raw form of ${rejected} rejected ones` : ""}.`);
  print("The server looks again for what was being written meanwhile, at its next start and every hour.");
}

function readArguments(args: readonly string[]) {
  const text = { type: "string" } as const;
  const options = {
    project: text,
    visitor: text,
    collection: text,
    from: text,
    to: text,
    yes: { type: "boolean" },
  } as const;
  try {
    return { ...parseArgs({ args: [...args], options, strict: true, allowPositionals: false }).values };
  } catch (thrown) {
    throw new Error(`${thrown instanceof Error ? thrown.message : "Bad arguments."}\n\n  ${DELETE_USAGE}`, {
      cause: thrown,
    });
  }
}
