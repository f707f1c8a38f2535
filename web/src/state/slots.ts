/** What is done at a heartbeat instead of asking for the version; it tells the version by its own answer. */
export type Job = () => Promise<string | undefined>;

const waiting = new Map<string, Job>();

/** The next heartbeat of this project does this: a page that stays open makes one request at each, whatever it has to ask. */
export function fillSlot(project: string, job: Job): void {
  waiting.set(project, job);
}

export function takeSlot(project: string): Job | undefined {
  const job = waiting.get(project);
  waiting.delete(project);
  return job;
}
