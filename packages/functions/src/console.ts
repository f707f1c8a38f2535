import { appOf, createAccess, systemClock, systemRandom } from "@millrace/access";
import { consoleRoutes, createOpenId, type OpenIdSettings } from "@millrace/access/console";
import { linkedSecret, optionalSetting, setting } from "./config.ts";
import { viewerAddress, viewerOrigin } from "./http/origin.ts";
import { inExecution, neverCached, reported, serve } from "./http/serve.ts";
import { openRegistry } from "./registry/open-registry.ts";

const { registry } = openRegistry();
const system = { registry, clock: systemClock, random: systemRandom };
const openId = openIdSettings();

const routes = consoleRoutes({
  ...system,
  access: createAccess(system),
  publicUrl: viewerOrigin,
  addressOf: viewerAddress,
  cookiePrefix: () => "millrace",
  ...(openId && { openId: createOpenId(openId, system) }),
});

/** The console: who may do what, projects and keys. See stacks/api.ts for what comes here; it reaches neither store nor queue. */
export const handler = serve(appOf(routes, reported, [neverCached, inExecution("console")]));

function openIdSettings(): OpenIdSettings | undefined {
  const issuer = optionalSetting("OPENID_ISSUER");
  if (issuer === undefined) return undefined;
  const clientSecret = linkedSecret("OpenIdSecret");
  return { issuer, clientSecret, clientId: setting("OPENID_CLIENT_ID"), name: setting("OPENID_NAME") };
}
