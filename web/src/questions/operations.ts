import {
  MillraceClientError,
  type OpsCommands,
  type OpsCost,
  type OpsExecutionDetail,
  type OpsExecutions,
  type OpsHealth,
  type OpsOutcome,
  type OpsQueue,
  type OpsSummary,
} from "@millrace/client";
import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import { askJson } from "../api/json.ts";
import type { Access } from "../api/session.ts";
import { told } from "../language/told.ts";

/** A call that an execution made; milliseconds since its start. */
export interface Call {
  readonly name: string;
  readonly startMs: number;
  readonly durationMs: number;
  readonly error?: unknown;
}

/** What an operator who leaves the page open sees anew: five small requests a minute. */
const EVERY_MS = 60_000;

const ask = <T>(access: Access, path: string, signal: AbortSignal) =>
  askJson<T>(`/ops${path}`, { headers: { authorization: access.readKey }, signal });

/** What one machine alone answers; null on AWS. */
async function here<T>(access: Access, path: string, signal: AbortSignal): Promise<T | null> {
  try {
    return await ask<T>(access, path, signal);
  } catch (thrown) {
    if (thrown instanceof MillraceClientError && thrown.status === 404) return null;
    throw thrown;
  }
}

/** What is watched, as it was seen last. */
export const healthOf = (access: Access) =>
  queryOptions({
    queryKey: ["ops", "health"],
    queryFn: async ({ signal }) => {
      const { checks } = await ask<OpsHealth>(access, "/health", signal);
      return checks.map((check) => told(check, "title", "measures", "why", "todo"));
    },
    refetchInterval: EVERY_MS,
  });

/** It counts a whole month, and hardly moves in an hour: not asked again by itself. */
export const costOf = (access: Access) =>
  queryOptions({
    queryKey: ["ops", "cost"],
    queryFn: async ({ signal }) => {
      const cost = await ask<OpsCost>(access, "/cost", signal);
      return {
        ...cost,
        parts: cost.parts.map((part) => told(part, "what")),
        levers: cost.levers.map((lever) => told(lever, "what")),
      };
    },
    staleTime: Number.POSITIVE_INFINITY,
  });

/** What waits in the queue of one machine, and whether collecting is paused; null on AWS. */
export const queueOf = (access: Access) =>
  queryOptions({
    queryKey: ["ops", "queue"],
    queryFn: ({ signal }) => here<OpsQueue>(access, "/queue", signal),
    refetchInterval: EVERY_MS,
  });

/** The commands that put something right. */
export const commandsOf = (access: Access) =>
  queryOptions({
    queryKey: ["ops", "commands"],
    queryFn: async ({ signal }) => {
      const { commands, ...rest } = await ask<OpsCommands>(access, "/commands", signal);
      return {
        ...rest,
        commands: commands.map((command) => ({
          ...told(command, "title", "does"),
          takes: command.takes.map((argument) => told(argument, "label")),
        })),
      };
    },
    staleTime: Number.POSITIVE_INFINITY,
  });

/** What somebody says with a command; `do` absent: it is only looked what it would do. */
export type CommandGiven = Readonly<Record<string, string | undefined>> & { readonly after?: string | undefined };

/** One request of a command. */
export async function runCommand(
  access: Access,
  name: string,
  { given, isMeant, signal }: { readonly given: CommandGiven; readonly isMeant: boolean; readonly signal: AbortSignal },
): Promise<OpsOutcome> {
  const outcome = await askJson<OpsOutcome>(`/ops/commands/${encodeURIComponent(name)}`, {
    method: "POST",
    headers: { authorization: access.readKey, "content-type": "application/json" },
    body: JSON.stringify({ ...given, do: isMeant }),
    signal,
  });
  return { ...told(outcome, "said"), numbers: outcome.numbers.map((figure) => told(figure, "label")) };
}

/** @param search parameters of the API, without those that are empty */
export const summaryOf = (access: Access, search: Readonly<Record<string, string>>) =>
  queryOptions({
    queryKey: ["ops", "summary", search],
    queryFn: ({ signal }) =>
      ask<OpsSummary>(access, `/executions/summary?${new URLSearchParams(search).toString()}`, signal),
    refetchInterval: EVERY_MS,
    placeholderData: keepPreviousData,
  });

export const executionsOf = (access: Access, search: Readonly<Record<string, string>>) =>
  queryOptions({
    queryKey: ["ops", "executions", search],
    queryFn: async ({ signal }) => {
      const path = `/executions?${new URLSearchParams(search).toString()}`;
      return (await ask<OpsExecutions>(access, path, signal)).executions;
    },
    placeholderData: keepPreviousData,
  });

export const executionOf = (access: Access, id: string) =>
  queryOptions({
    queryKey: ["ops", "execution", id],
    queryFn: ({ signal }) => ask<OpsExecutionDetail>(access, `/executions/${encodeURIComponent(id)}`, signal),
  });
