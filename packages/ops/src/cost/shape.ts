import { MillraceError } from "@millrace/core";
import * as z from "zod";
import type { StageShape } from "./measured.ts";
import { PRICES, type NodeType } from "./prices.ts";

const NODE_TYPES = Object.keys(PRICES.openSearch.nodeHour) as [NodeType, ...NodeType[]];
const amount = (otherwise: number) => z.coerce.number().min(0).max(1e6).default(otherwise);
const flag = z.enum(["true", "false"]).default("false");

/** What of a stage costs by the hour, as parameters of a question; the smallest stage where nothing is said. */
const PARAMETERS = z.strictObject({
  instance: z.enum(NODE_TYPES).default("t3.small"),
  nodes: amount(1),
  disk_gb: amount(10),
  window: amount(1),
  kept: amount(10),
  alarms: amount(36),
  firewall: flag,
  archive: flag,
});

/** For the OpenAPI document. */
export const SHAPE_PARAMETERS = z.toJSONSchema(PARAMETERS, { io: "input" }).properties as Record<string, object>;

/**
 * A stage, as somebody asks about it.
 * @param own what is so where the question says nothing: `instance=t3.small&nodes=1`, as a stage is told of itself
 * @throws MillraceError `InvalidParameterError` naming what is wrong
 */
export function readShape(asked: Readonly<Record<string, string>> = {}, own = ""): StageShape {
  const read = PARAMETERS.safeParse({ ...Object.fromEntries(new URLSearchParams(own)), ...asked });
  if (!read.success) {
    const issue = read.error.issues[0];
    const name = issue?.code === "unrecognized_keys" ? issue.keys[0] : issue?.path.join(".");
    throw new MillraceError(
      "InvalidParameterError",
      `${(name ?? "A parameter").slice(0, 80)}: ${issue?.message ?? "is not valid"}.`,
    );
  }
  const { instance, nodes, disk_gb: diskGb, window, kept, alarms, firewall, archive } = read.data;
  return {
    nodes: { type: instance, count: nodes },
    diskGb,
    windowSeconds: window,
    keptAnswers: kept,
    alarms,
    firewall: firewall === "true",
    archive: archive === "true",
  };
}
