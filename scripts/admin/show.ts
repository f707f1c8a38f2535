import type { Project } from "@millrace/access";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { AdminAnswer } from "../../packages/functions/src/admin/commands.ts";

/** An answer for people. @param url begins links; undefined: the server of this machine */
export function show(answer: AdminAnswer, url: string | undefined): string {
  if ("masterKey" in answer) {
    const { project, writeKey, readKey, masterKey } = answer;
    return [
      `${project.name} (${project.id})`,
      `  write key   ${writeKey}`,
      `  read key    ${readKey}`,
      `  master key  ${masterKey}`,
      ONCE,
    ].join("\n");
  }
  if ("changed" in answer) return settingsOf(answer.changed);
  if ("projects" in answer)
    return rows(
      answer.projects.map((each) => [
        each.id,
        each.archivedAt === undefined ? "" : "archived",
        each.timezone,
        each.name,
      ]),
    );
  if ("trusted" in answer) {
    const { trusted, secret } = answer;
    const addresses = `Trusted: ${trusted.addresses.join(", ") || "no address"}.`;
    return secret === undefined ? addresses : `${addresses}\nAnd whoever sends X-Millrace-Proxy: ${secret}`;
  }
  if ("key" in answer) return `${answer.key}\n${ONCE}\nIts id: ${answer.id}`;
  if ("keys" in answer)
    return rows(answer.keys.map((key) => [key.id, "kind" in key ? key.kind : key.name, dayOf(key.createdAt)]));
  if ("pause" in answer)
    return answer.pause
      ? `Nothing is collected since ${new Date(answer.pause.at).toISOString()} (${answer.pause.by}).`
      : "Events are collected.";
  if ("noted" in answer) return `Noted: ${answer.noted}`;
  if ("revoked" in answer) return `Revoked: ${answer.revoked}`;
  if ("invitation" in answer) {
    const { email, token, expiresAt } = answer.invitation;
    return `For ${email}, once, until ${dayOf(expiresAt)}:\n\n  ${url ?? addressHere()}/join#token=${token}`;
  }
  if ("people" in answer) {
    const { people, invitations } = answer;
    const invited = invitations.map(({ email, roles }) => [email, JSON.stringify(roles), "invited"]);
    return rows([...people.map(({ email, roles }) => [email, JSON.stringify(roles), ""]), ...invited]);
  }
  if ("person" in answer) return `${answer.person.email}: ${JSON.stringify(answer.person.roles)}`;
  if ("sessions" in answer)
    return rows(
      answer.sessions.map((each) => [each.id, each.method, dayOf(each.createdAt), each.from ?? "", each.agent ?? ""]),
    );
  if ("entries" in answer) {
    return rows(
      answer.entries.map(({ at, who, what, project, target, before, after }) => [
        new Date(at).toISOString(),
        who.name,
        what,
        project ?? "",
        target ?? "",
        JSON.stringify({ before, after }),
      ]),
    );
  }
  return JSON.stringify(answer, null, 2);
}

const ONCE = "Shown this once: only hashes are kept.";

function settingsOf({
  id,
  name,
  timezone,
  archivedAt,
  origins = [],
  redirectHosts,
  wholeAddresses,
  requestsPerSecond,
  engineSecondsPerMinute: seconds,
  eventsPerMonth,
  beyondQuota,
  bots,
}: Project): string {
  return [
    `${name} (${id})${archivedAt === undefined ? "" : ", archived"}`,
    `  time zone      ${timezone}`,
    `  recorded by    ${origins.join(", ") || "pages of any origin"}`,
    `  redirect=      ${redirectHosts.join(", ") || "no host"}`,
    `  \${keen.ip}     ${wholeAddresses ? "whole" : "cut"} addresses`,
    `  requests       ${requestsPerSecond === undefined ? "as many as come" : `${requestsPerSecond} a second`}`,
    `  questions      ${seconds === undefined ? "as much of the engine's time as any project" : `${seconds} s of the engine a minute`}`,
    `  events         ${eventsPerMonth === undefined ? "as many as come" : `${eventsPerMonth} a month; more are ${beyondQuota === "record" ? "recorded all the same" : "refused"}`}`,
    `  bots           ${bots ? JSON.stringify(bots) : "as labelled"}`,
  ].join("\n");
}

function rows(table: readonly (readonly string[])[]): string {
  if (table.length === 0) return "There is nothing.";
  const widths = (table[0] ?? []).map((_, i) => Math.max(...table.map((row) => row[i]?.length ?? 0)));
  return table
    .map((row) =>
      row
        .map((cell, i) => cell.padEnd(widths[i] ?? 0))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}

function dayOf(at: number): string {
  return new Date(at).toISOString().slice(0, 10);
}

/** What the server of this data folder wrote down. */
function addressHere(): string {
  if (process.env["PUBLIC_URL"]) return process.env["PUBLIC_URL"].replace(/\/+$/, "");
  try {
    const demo = JSON.parse(readFileSync(join(process.env["MILLRACE_DATA"] ?? ".millrace", "demo.json"), "utf8")) as {
      url: string;
    };
    return demo.url;
  } catch {
    return "https://YOUR-ADDRESS";
  }
}
