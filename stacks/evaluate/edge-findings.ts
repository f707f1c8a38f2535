import { at, ofType, type Graph } from "./graph.ts";

/** Most bytes of a CloudFront function. https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/cloudfront-limits.html */
const FUNCTION_BYTES = 10_240;
/** Room for the next release of SST, which writes most of it. */
const RESERVE_BYTES = 512;

const PLACE = ["CloudFront-Viewer-Country", "CloudFront-Viewer-Country-Region-Name", "CloudFront-Viewer-City"];
const ENCODINGS = ["enableAcceptEncodingBrotli", "enableAcceptEncodingGzip"];
/** For all other errors CloudFront heeds `no-store`. */
const KEPT_ERRORS = [500, 502, 503, 504];

/** What CloudFront and its firewall would do to requests and answers that they should not; one sentence each. */
export function edgeFindings(graph: Graph): string[] {
  return [
    ...ofType(graph, "aws:cloudfront/distribution:Distribution").flatMap((made) => distribution(graph, made)),
    ...firewalls(graph),
  ];
}

function distribution(graph: Graph, made: Graph[number]): string[] {
  const code = ofType(graph, "aws:cloudfront/function:Function").map((each) => String(at(each, "code")));
  const forwarded = JSON.stringify(
    ofType(graph, "aws:cloudfront/cachePolicy:CachePolicy").map((policy) =>
      at(policy, "parametersInCacheKeyAndForwardedToOrigin", "headersConfig", "headers", "items"),
    ),
  );
  const errors = (at(made, "customErrorResponses") ?? []) as { errorCode: number; errorCachingMinTtl: number }[];
  return [
    ...PLACE.filter((header) => !forwarded.includes(`"${header}"`)).map(
      (header) => `${made.name} does not pass ${header} on.`,
    ),
    ...KEPT_ERRORS.filter(
      (status) => !errors.some(({ errorCode, errorCachingMinTtl }) => errorCode === status && errorCachingMinTtl === 0),
    ).map((status) => `${made.name} gives one request's ${status} to everybody for ten seconds.`),
    // What is in the key is sent on, so that the functions see which ways a viewer takes, too.
    ...ENCODINGS.filter((way) =>
      ofType(graph, "aws:cloudfront/cachePolicy:CachePolicy").some(
        (policy) => at(policy, "parametersInCacheKeyAndForwardedToOrigin", way) !== true,
      ),
    ).map((way) => `${made.name} lets nothing be packed: ${way} is not set.`),
    ...(at(made, "defaultCacheBehavior", "compress") === true ? [] : [`${made.name} packs none of the site's files.`]),
    ...(at(made, "isIpv6Enabled") === true ? [] : [`${made.name} does not answer over IPv6.`]),
    ...code
      .map((text) => Buffer.byteLength(text))
      .filter((bytes) => bytes > FUNCTION_BYTES - RESERVE_BYTES)
      .map((bytes) => `CloudFront's function has ${bytes} bytes: AWS refuses more than ${FUNCTION_BYTES}.`),
  ];
}

interface FirewallRule {
  readonly name: string;
  readonly action?: { readonly block?: { readonly customResponse?: { readonly responseCode?: number } } };
  readonly statement?: { readonly rateBasedStatement?: { readonly scopeDownStatement?: unknown } };
}

function firewalls(graph: Graph): string[] {
  return ofType(graph, "aws:wafv2/webAcl:WebAcl").flatMap((acl) =>
    ((at(acl, "rules") ?? []) as FirewallRule[]).flatMap(({ name, action, statement }) => [
      ...(action?.block?.customResponse?.responseCode === 429
        ? []
        : [`${acl.name} refuses for good in ${name}: clients do not repeat after a 403, so events are lost.`]),
      ...(JSON.stringify(statement?.rateBasedStatement?.scopeDownStatement ?? "").includes(`"/v1/e"`)
        ? []
        : [`${acl.name} cuts servers off in ${name}: many of their events come from one address.`]),
    ]),
  );
}
