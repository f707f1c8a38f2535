import { createHash } from "node:crypto";
import { DOMAIN_SIZES, settingsOf } from "./stages.ts";

/** The settings of the stage being evaluated. */
export const stage = settingsOf($app.stage);

/** The domain's shape at this stage. */
export const domainSize = DOMAIN_SIZES[stage.domain];

/** `millrace-production-…`: resources made without an SST component are not prefixed by it, and two stages would collide. */
export function named(name: string): string {
  return `${$app.name}-${$app.stage}-${name}`;
}

/** The same for a service that takes few characters: a longer name is cut, and told apart from others cut alike by its hash. */
export function shortlyNamed(name: string, most: number): string {
  const whole = named(name).toLowerCase();
  if (whole.length <= most) return whole;
  const hash = createHash("sha256").update(whole).digest("hex").slice(0, 6);
  return `${whole.slice(0, most - 7).replace(/-$/, "")}-${hash}`;
}

/** Options of a resource that holds events: `sst remove`, and a deploy after its line was deleted, must leave it alone. */
export const kept: $util.CustomResourceOptions = stage.keep ? { retainOnDelete: true, protect: true } : {};
