/**
 * What a deed says where it names nobody and no time, and what its numbers are of. A table, because the dashboard's catalogues have
 * these sentences too: what is not in it is read in English everywhere.
 */
export const SAYS = {
  nothing: "There is nothing to do.",
  wouldPause: "Nothing would be collected any more; what comes in would wait.",
  paused: "Nothing is collected any more; what comes in waits.",
  collecting: "Events are collected.",
  resumed: "Events are collected again.",
  empty: "Nothing waits.",
  onTheWay: "There is still something on its way.",
  wouldRedrive: "They would go back into the queue.",
  redriven: "They are in the queue again.",
  wouldReplay: "They would go through the pipeline again.",
  replayed: "They go through the pipeline again.",
  noneStored: "There is none; those that are still on their way would not be stored.",
  wouldErase: "They would be deleted for good.",
  erased: "They are deleted.",
  erasing: "None of them comes back; those that are still stored go within minutes.",
} as const;

/** The same of its numbers. */
export const NUMBERS = {
  visible: "messages wait",
  inFlight: "messages are being collected",
  dead: "dead letters",
  rejected: "rejected events",
  withoutRaw: "no longer kept as they were sent",
  sent: "in the queue again",
  events: "events",
} as const;
