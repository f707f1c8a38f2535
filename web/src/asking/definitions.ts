import type { DefinitionAnswer, DefinitionContent, DefinitionKind } from "@millrace/client";
import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { clientOf } from "../api/client.ts";
import type { Access } from "../api/session.ts";
import { usePage } from "../state/page.tsx";
import { managerOf } from "./saved.ts";

/** Boards or goals of the project. */
export const definitionsOf = (access: Access, kind: DefinitionKind) =>
  queryOptions({
    queryKey: ["definitions", access.id, kind],
    queryFn: ({ signal }): Promise<readonly DefinitionAnswer[]> => clientOf(access).definitions.list(kind, { signal }),
    staleTime: 30_000,
  });

/** A change: what is defined under a name from now on, or nothing. */
interface Change {
  readonly name: string;
  readonly definition: DefinitionContent | undefined;
}

/** Changes the project's definitions of a kind; all of that kind are asked again. */
export function useDefine(kind: DefinitionKind) {
  const { access } = usePage();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: async ({ name, definition }: Change) => {
      const { definitions } = managerOf(access);
      if (definition) await definitions.put(kind, name, definition);
      else await definitions.delete(kind, name);
    },
    // Refused or not: somebody else may have been quicker.
    onSettled: () => queries.invalidateQueries({ queryKey: definitionsOf(access, kind).queryKey }),
  });
}

/** Whether the reader may define things of the project. */
export function mayDefine({ role }: Access): boolean {
  return role !== undefined && role !== "viewer";
}
