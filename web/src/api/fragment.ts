/** Project id and read key from the address's fragment (`#project=…&key=…`): a fragment is never sent to a server. */
export function readFragment(hash: string): { project: string; key: string } | undefined {
  const params = new URLSearchParams(hash.replace(/^#/, ""));
  const project = params.get("project");
  const key = params.get("key");
  return project && key ? { project, key } : undefined;
}

export function writeFragment(project: string, key: string): string {
  return `project=${encodeURIComponent(project)}&key=${encodeURIComponent(key)}`;
}
