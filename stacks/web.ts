import { api } from "./api.ts";
import { originSecret } from "./secrets.ts";
import { firewall } from "./firewall.ts";
import { stage } from "./stage.ts";

/**
 * Keen's list of API versions lives at `/`, where browsers expect the dashboard. Who asks for HTML gets the page; for all others
 * CloudFront asks the API, by an address that no page has.
 */
const VERSIONS = "/api-versions";

const DAY = 24 * 3600;

/** What a page of ours may load, and that nobody frames it: the words of packages/local/src/static-files.ts, which a test compares. */
const PAGE_CSP =
  "default-src 'self'; style-src 'self'; img-src 'self' data:; frame-ancestors 'none'; base-uri 'none'; form-action 'self'";

/**
 * One origin for everything: dashboard, tracker and API, so that the dashboard needs no CORS and the tracker no second name to
 * resolve. CloudFront adds the viewer's address and country, the path as it was written (the gateway decodes it), and the secret by which the functions know that it did.
 * `sst dev` has none: the dashboard's own server passes requests on to the gateway.
 */
export const router = $dev
  ? undefined
  : new sst.aws.Router("Router", {
      ...(stage.customDomain !== null && {
        domain:
          stage.certificate === null
            ? stage.customDomain
            : { name: stage.customDomain, dns: false as const, cert: stage.certificate },
      }),
      ...(firewall && { waf: firewall.rules }),
      edge: {
        viewerRequest: {
          injection: $interpolate`
            event.request.headers["x-millrace-origin"] = { value: "${originSecret.properties.value}" };
            event.request.headers["x-millrace-address"] = { value: event.viewer.ip + ":0" };
            event.request.headers["x-millrace-host"] = { value: event.request.headers.host.value };
            event.request.headers["x-millrace-path"] = { value: event.request.uri };
            var accept = event.request.headers.accept;
            if (event.request.uri === "/" && !(accept && accept.value.includes("text/html"))) event.request.uri = "${VERSIONS}";`,
        },
        // A page of another origin may only check what it pins, or load a module, if it may read it. What pages of our own may do stands
        // beside them, as on one machine; an embed's page brings its own rules.
        viewerResponse: {
          injection: `
            var out = event.response.headers;
            out["x-content-type-options"] = { value: "nosniff" };
            out["strict-transport-security"] = { value: "max-age=${2 * 365 * DAY}" };
            if (out["content-type"] && out["content-type"].value.includes("text/html") && !out["content-security-policy"]) {
              out["content-security-policy"] = { value: "${PAGE_CSP}" };
              out["referrer-policy"] = { value: "no-referrer" };
            }
            if (/^\\/(t(\\.\\w+)*\\.m?js|assets\\/millrace-embed\\.js)$/.test(event.request.uri)) event.response.headers["access-control-allow-origin"] = { value: "*" };`,
        },
      },
      transform: {
        cachePolicy: (args) => {
          args.parametersInCacheKeyAndForwardedToOrigin = $output(args.parametersInCacheKeyAndForwardedToOrigin).apply(
            withPlace,
          );
        },
        cdn: (args) => {
          // An error that one request met must not be everybody's answer for ten seconds: AWS ignores our no-store on these.
          args.customErrorResponses = [500, 502, 503, 504].map((errorCode) => ({ errorCode, errorCachingMinTtl: 0 }));
          args.transform = { distribution: { isIpv6Enabled: true } };
        },
        ...(firewall && { waf: firewall.transform }),
      },
    });

for (const path of ["/3.0", "/v1", "/mcp", "/embed", "/console", "/ops", "/openapi.json"])
  router?.route(path, api.url, { readTimeout: "30 seconds" });
router?.route(VERSIONS, api.url, { rewrite: { regex: `^${VERSIONS}$`, to: "/" } });

type Forwarded = aws.types.output.cloudfront.CachePolicyParametersInCacheKeyAndForwardedToOrigin;

/**
 * Where the viewer is, as CloudFront knows it. What is in the cache's key is always sent on; the managed policy for the rest speaks
 * of "headers in viewer requests", which these are not. Only files of the site are ever kept, so a wider key costs nothing.
 */
function withPlace(forwarded: Forwarded): Forwarded {
  const items = forwarded.headersConfig.headers?.items ?? [];
  const place = ["CloudFront-Viewer-Country", "CloudFront-Viewer-Country-Region-Name", "CloudFront-Viewer-City"];
  return { ...forwarded, headersConfig: { headerBehavior: "whitelist", headers: { items: [...items, ...place] } } };
}

/** What a name ends in that pins a version of the tracker. */
const PINNED = "[0-9a-f]".repeat(8);

/** The dashboard and the tracker's scripts, built by one command. File names carry a hash, apart from the few named here. */
export const site = new sst.aws.StaticSite("Web", {
  path: ".",
  build: { command: "npm run build:site", output: "web/dist" },
  dev: { command: "npm run dev", directory: "web" },
  // Where the dashboard's own server hands requests on to (web/vite.config.ts).
  ...($dev && { environment: { MILLRACE_URL: api.url } }),
  ...(router && { router: { instance: router } }),
  assets: {
    fileOptions: [
      { files: "**", cacheControl: `max-age=${365 * DAY},public,immutable` },
      { files: "**/*.html", cacheControl: "max-age=0,no-cache,must-revalidate" },
      // What embeds load by a name without a hash: looked up again each time, and mostly not changed.
      { files: "assets/{embed.{js,css},millrace-embed.js}", cacheControl: "max-age=0,no-cache,must-revalidate" },
      // Their names never change, they sit in the customers' pages: an hour until a fix arrives, a day if we cannot be reached.
      {
        files: "t{.*,}.{js,mjs}",
        cacheControl: `max-age=3600,public,stale-while-revalidate=${DAY},stale-if-error=${DAY}`,
      },
      { files: `t.*${PINNED}.{js,mjs}`, cacheControl: `max-age=${365 * DAY},public,immutable` },
    ],
    // What a page has pinned must stay there after the next deploy.
    purge: false,
  },
});
