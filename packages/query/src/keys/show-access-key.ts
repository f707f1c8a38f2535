import type { AccessKey } from "@millrace/access";
import type { JsonObject } from "@millrace/core";

/** An access key as Keen shows it: option groups that are not set are null. */
export function showAccessKey(project: string, { key, name, active, permitted, options }: AccessKey): JsonObject {
  const groups = { writes: null, queries: null, saved_queries: null, cached_queries: null, datasets: null };
  return {
    key,
    name,
    is_active: active,
    permitted: [...permitted],
    project_id: project,
    options: { ...groups, ...(options as JsonObject) },
  };
}
