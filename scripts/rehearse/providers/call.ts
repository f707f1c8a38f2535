import type { Json } from "./grpc.ts";
import type { Aws } from "./kind.ts";
import { scalar } from "./values.ts";

/** How the calls of one resource (its URN in the record) are made. */
export type AwsFor = (resource: string) => Aws;

/**
 * Calls through the emulator's door (emulator/bridge.py), which checks every input against AWS's own model first. A call throws Error
 * with AWS's refusal, or with that of the model.
 */
export function callerOf(emulator: string): AwsFor {
  return (resource) =>
    async (service, operation, input = {}) => {
      const response = await fetch(`${emulator}/rehearsal/call`, {
        method: "POST",
        body: JSON.stringify({ service, operation, input, resource }),
      });
      const answer = (await response.json()) as Record<string, Json>;
      if (!response.ok) throw new Error(scalar(answer["error"]));
      return answer;
    };
}
