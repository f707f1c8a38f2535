import { lambda } from "./lambda.ts";
import { readRegistry, registry, writeRegistry } from "./registry.ts";
import { openIdSecret, originSecret } from "./secrets.ts";
import { stage } from "./stage.ts";

/** What is changed of projects, keys and people, over the console and by invoke alike. The log is only ever added to. */
export const administration = {
  put: ["projects", "keys", "people", "person-email", "invitations", "organisation-keys", "audit-log"],
  update: ["write-key", "read-key", "master-key"],
  delete: [
    "keys",
    "write-key",
    "read-key",
    "master-key",
    "people",
    "person-email",
    "password",
    "second-factor",
    "sessions",
    "invitations",
    "organisation-keys",
  ],
} as const;

/**
 * The console behind `/console`: sign-in, people, projects, keys, the audit log. The one function that the public reaches and that can make a key: it
 * has neither store nor queue, and does nothing for whoever has no session.
 */
export const webConsole = lambda("Console", {
  // Of which a password takes 64 MB; more memory is more of a core for it.
  memory: "1024 MB",
  timeout: "15 seconds",
  permissions: [
    readRegistry,
    ...writeRegistry({
      put: [...administration.put, "sessions", "tries", "openid", "person-subject", "second-factor"],
      update: [...administration.update, "password", "person-subject", "second-factor"],
      delete: [...administration.delete, "tries", "openid"],
    }),
  ],
  environment: {
    REGISTRY_TABLE: registry.name,
    ORIGIN_CHECK: $dev ? "off" : "on",
    ...(stage.openId && {
      OPENID_ISSUER: stage.openId.issuer,
      OPENID_CLIENT_ID: stage.openId.clientId,
      OPENID_NAME: stage.openId.name,
    }),
  },
  link: [originSecret, openIdSecret],
});
