import * as z from "zod";
import type { AskCloudWatch } from "../cloudwatch/ask.ts";

/** Seconds since 1970, as CloudWatch writes it; other servers write ISO. */
const instant = z.union([z.number().transform((seconds) => seconds * 1000), z.string().transform(Date.parse)]);

const alarmSchema = z.object({
  AlarmName: z.string(),
  StateValue: z.enum(["OK", "ALARM", "INSUFFICIENT_DATA"]),
  StateReason: z.string().nullish(),
  /** JSON of CloudWatch's own: what it looked at last. */
  StateReasonData: z.string().nullish(),
  StateTransitionedTimestamp: instant.nullish(),
  StateUpdatedTimestamp: instant.nullish(),
  Threshold: z.number().nullish(),
});
const answerSchema = z.object({ MetricAlarms: z.array(alarmSchema).default([]), NextToken: z.string().nullish() });

export type Alarm = z.infer<typeof alarmSchema>;

/** What CloudWatch hands out at once. */
const PAGE = 100;

/** All alarms whose names begin so. @throws what {@link AskCloudWatch} throws */
export async function readAlarms(ask: AskCloudWatch, prefix: string): Promise<Alarm[]> {
  const alarms: Alarm[] = [];
  let next: string | null | undefined;
  do {
    const input = { AlarmNamePrefix: prefix, MaxRecords: PAGE, ...(next && { NextToken: next }) };
    const page = answerSchema.parse(await ask("DescribeAlarms", input));
    alarms.push(...page.MetricAlarms);
    next = page.NextToken;
  } while (next);
  return alarms;
}
