import { CHECKS, type CheckName } from "@millrace/ops";
import { FUNCTIONS } from "../settings.ts";

/** What an alarm says: a check of the table, and of which function where there is one for each. */
export interface AlarmMeaning {
  readonly check: CheckName;
  readonly of?: string;
}

const OF_FUNCTIONS = { errors: "FunctionErrors", throttles: "FunctionThrottles", slow: "FunctionSlow" } as const;

/** By the end of the alarm's name, as stacks/alarms.ts makes it: `store-red`, `collector-errors`. */
const MEANINGS: ReadonlyMap<string, AlarmMeaning> = new Map([
  ...(Object.keys(CHECKS) as CheckName[]).map((check) => [kebab(check), { check }] as const),
  ...Object.keys(FUNCTIONS).flatMap((of) =>
    Object.entries(OF_FUNCTIONS).map(([end, check]) => [`${of}-${end}`, { check, of }] as const),
  ),
]);
/** The longest first: `disk` is also the end of `store-disk`. */
const ENDS = [...MEANINGS.keys()].sort((a, b) => b.length - a.length);

/** @param name `millrace-production-store-red`, of whatever stage */
export function meaningOfAlarm(name: string): AlarmMeaning | undefined {
  const end = ENDS.find((each) => name.endsWith(`-${each}`));
  return end === undefined ? undefined : MEANINGS.get(end);
}

/**
 * @param stage its name as a resource: `millrace-production`. Another stage's may begin with it, and its alarms are none of this one's
 */
export function meaningInStage(name: string, stage: string): AlarmMeaning | undefined {
  return name.startsWith(`${stage}-`) ? MEANINGS.get(name.slice(stage.length + 1)) : undefined;
}

function kebab(name: string): string {
  return name.replace(/(?<=[a-z])(?=[A-Z])/g, "-").toLowerCase();
}
