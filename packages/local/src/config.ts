import type { OpenIdSettings } from "@millrace/access/console";
import { readChannels, readOtlp, readSender, type Channel, type OtlpSettings, type Sender } from "@millrace/ops";
import { fileURLToPath } from "node:url";

/** Settings of the one-machine runtime, read once from the environment. */
export interface LocalConfig {
  /** TCP port; 0 lets the system choose one. */
  readonly port: number;
  /** Address to listen on. Only this machine unless asked otherwise. */
  readonly host: string;
  readonly dataFolder: string;
  /** Store the events in this OpenSearch instead of the embedded DuckDB. */
  readonly openSearchUrl: string | undefined;
  /** Begins the names of the indexes there, so that several installations can share a cluster. Absent: `millrace`. */
  readonly openSearchPrefix: string | undefined;
  /** Queue the messages in this SQS queue instead of the embedded one. */
  readonly sqsQueueUrl: string | undefined;
  /** A MaxMind-format file for countries and cities; undefined: places are told by viewer headers and time zones alone. */
  readonly geoDatabase: string | undefined;
  /** What people open, when that is not the address we listen on. */
  readonly publicUrl: string | undefined;
  /** Who says who somebody is; undefined: nobody signs in by OpenID Connect. */
  readonly openId: OpenIdSettings | undefined;
  /** Who is told when something is wrong, and when it is well again. */
  readonly alerts: readonly Channel[];
  /** Receivers of alerts may be in one's own network, and without TLS. */
  readonly alertsPrivate: boolean;
  /** The way out for mail; undefined: none is sent. */
  readonly mail: { readonly url: string; readonly from: Sender } | undefined;
  /** Where executions go as spans; undefined: nowhere. */
  readonly otlp: OtlpSettings | undefined;
  /** Between two looks at everything. Limits in minutes are counted in these. */
  readonly healthSeconds: number;
  /** What a month may cost on AWS, US dollars; undefined: nobody said. */
  readonly budgetUsd: number | undefined;
  /** Trust the last address in X-Forwarded-For: only behind a proxy of one's own. */
  readonly trustProxy: boolean;
}

/**
 * @throws Error naming the variable and what it may be
 */
export function readConfig(env: Readonly<Record<string, string | undefined>>): LocalConfig {
  const [alerts, mail] = [readChannels(env["ALERTS"]), mailOf(env)];
  if (!mail && alerts.some(({ kind }) => kind === "mail"))
    throw new Error("ALERTS names a mail address: SMTP_URL and MAIL_FROM say how it gets there.");
  return {
    port: portOf(env["PORT"]),
    host: env["HOST"] ?? "127.0.0.1",
    dataFolder: env["MILLRACE_DATA"] ?? ".millrace",
    openSearchUrl: urlOf("OPENSEARCH_URL", env["OPENSEARCH_URL"]),
    openSearchPrefix: env["OPENSEARCH_PREFIX"] || undefined,
    sqsQueueUrl: urlOf("SQS_QUEUE_URL", env["SQS_QUEUE_URL"]),
    geoDatabase: geoDatabaseOf(env["GEO_DB"]),
    publicUrl: urlOf("PUBLIC_URL", env["PUBLIC_URL"]),
    openId: openIdOf(env),
    alerts,
    alertsPrivate: env["ALERTS_PRIVATE"] === "1",
    mail,
    otlp: readOtlp(env),
    healthSeconds: secondsOf(env["HEALTH_SECONDS"]),
    budgetUsd: dollarsOf(env["BUDGET_USD"]),
    trustProxy: env["TRUST_PROXY"] === "1" || env["TRUST_PROXY"] === "true",
  };
}

function geoDatabaseOf(text: string | undefined): string | undefined {
  if (text === "none") return undefined;
  if (text) return text;
  // Countries by what the registries of addresses say; NOTICE names the licence.
  return fileURLToPath(import.meta.resolve("@ip-location-db/geo-whois-asn-country-mmdb/geo-whois-asn-country.mmdb"));
}

function openIdOf(env: Readonly<Record<string, string | undefined>>): OpenIdSettings | undefined {
  const issuer = urlOf("OPENID_ISSUER", env["OPENID_ISSUER"]);
  if (issuer === undefined) return undefined;
  const { OPENID_CLIENT_ID: clientId, OPENID_CLIENT_SECRET: clientSecret, OPENID_NAME: name } = env;
  if (!clientId || !clientSecret) throw new Error("OPENID_ISSUER needs OPENID_CLIENT_ID and OPENID_CLIENT_SECRET.");
  return { issuer, clientId, clientSecret, name: name || new URL(issuer).hostname };
}

function mailOf(env: Readonly<Record<string, string | undefined>>): LocalConfig["mail"] {
  const { SMTP_URL: url, MAIL_FROM: from } = env;
  if (!url && !from) return undefined;
  if (!url || !from)
    throw new Error("SMTP_URL and MAIL_FROM go together: where mail is handed in, and who it is from.");
  return { url, from: readSender(from) };
}

function portOf(text: string | undefined): number {
  if (text === undefined || text === "") return 3000;
  const port = Number(text);
  if (!Number.isInteger(port) || port < 0 || port > 65_535)
    throw new Error(`PORT is "${text}"; it must be a number from 0 to 65535.`);
  return port;
}

function secondsOf(text: string | undefined): number {
  if (text === undefined || text === "") return 60;
  const seconds = Number(text);
  if (!Number.isInteger(seconds) || seconds < 1)
    throw new Error(`HEALTH_SECONDS is "${text}"; it must be a whole number above 0.`);
  return seconds;
}

function dollarsOf(text: string | undefined): number | undefined {
  if (text === undefined || text === "") return undefined;
  const dollars = Number(text);
  if (!(dollars > 0 && Number.isFinite(dollars)))
    throw new Error(`BUDGET_USD is "${text}"; it must be an amount of dollars above 0.`);
  return dollars;
}

function urlOf(name: string, text: string | undefined): string | undefined {
  if (text === undefined || text === "") return undefined;
  if (!URL.canParse(text)) throw new Error(`${name} is "${text}"; it must be a URL such as http://127.0.0.1:9200.`);
  return text.replace(/\/+$/, "");
}
