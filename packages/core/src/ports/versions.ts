/**
 * A number for what is stored of a project, so that whoever shows answers can ask "is there anything new?" without asking the
 * questions again. Kept beside the events, never found by looking through them.
 */
export interface Versions {
  read(project: string): Promise<Version>;
  /**
   * Notes that events of these projects were stored or deleted, after they were. Never throws: an append that succeeded must not
   * fail for it. What was not noted is seen with the next change.
   */
  moved(projects: Iterable<string>): Promise<void>;
}

export interface Version {
  /** Equal for equal events; anything else means nothing. ASCII letters, digits, dots and `+`. */
  readonly value: string;
  /**
   * False while further events may come under the same value: answers made now belong to no value. It then changes by itself once
   * more, so that nothing is missed.
   */
  readonly settled: boolean;
}
