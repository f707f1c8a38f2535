import type { Stage } from "../platform/stage.ts";
import type { Caller, Project } from "./caller.ts";

/** What the steps share. Each step leaves the queue empty. */
export interface Flow {
  readonly stage: Stage;
  /** The emulator itself, asked past every role: what an operator's own tools would do and see. */
  readonly operator: Operator;
  readonly shop: Project;
  readonly caller: Caller;
}

export interface Operator {
  /** Moves every message that waits, as it is or changed: an operator who redrives, or a collector that gave up. */
  move(from: "events" | "dead", to: "events" | "dead", change?: (body: string) => string): Promise<number>;
  /**
   * Replaces fields of every message that waits, as a defect of ours would have written it. Its events were accepted: one that
   * nobody accepted would be a difference in the ledger.
   */
  spoil(change: object): Promise<void>;
  /** Messages that wait, and those that somebody has. */
  depth(queue: "events" | "dead"): Promise<{ visible: number; hidden: number }>;
  /** Days of which a salt lies in the table of salts, whoever may still read it. */
  saltedDays(): Promise<string[]>;
  /** Adds to a metric as a service of AWS would, now. */
  count(namespace: string, metric: string, dimensions: Readonly<Record<string, string>>, value: number): Promise<void>;
  /** Says that a mailbox may be written from, as its owner does by the link that SES sends. */
  verifySender(address: string): Promise<void>;
  /** Puts an alarm into a state, as CloudWatch does by what it measures. */
  setAlarm(name: string, state: "OK" | "ALARM", reason: string): Promise<void>;
  /** Every alarm there is. */
  alarms(): Promise<
    readonly {
      readonly AlarmName: string;
      readonly Namespace?: string;
      readonly MetricName: string;
      readonly Dimensions: readonly { readonly Name: string; readonly Value: string }[];
    }[]
  >;
  /** Keys of the archive below a folder. */
  archived(folder: string): Promise<string[]>;
  /** Asks OpenSearch as it is. */
  search(path: string): Promise<unknown>;
  /** Forbids writes to every index of events (or of executions), as a full disk or a migration does, or allows them again. */
  blockWrites(blocked: boolean, of?: "events" | "executions"): Promise<void>;
}

/** One thing that must work on the deployed stage. */
export interface Step {
  readonly name: string;
  /** @returns what was seen, for the report. @throws Error when it does not work */
  readonly run: (flow: Flow) => Promise<string>;
}
