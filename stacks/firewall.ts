import { named, stage } from "./stage.ts";

const LATER = {
  block: {
    customResponse: {
      responseCode: 429,
      responseHeaders: [
        { name: "Retry-After", value: "60" },
        { name: "Access-Control-Allow-Origin", value: "*" },
      ],
    },
  },
};

const TRACKER = {
  byteMatchStatement: {
    searchString: "/v1/e",
    fieldToMatch: { uriPath: {} },
    positionalConstraint: "STARTS_WITH",
    textTransformations: [{ priority: 0, type: "NONE" }],
  },
};

function createFirewall(limit: number) {
  const [one, ...others] = proxySets().map(({ arn }) => ({ ipSetReferenceStatement: { arn } }));
  const ofProxies = one && others.length > 0 ? { orStatement: { statements: [one, ...others] } } : one;
  const rule = (name: string, priority: number, rateBasedStatement: object) => ({
    name,
    priority,
    action: LATER,
    statement: { rateBasedStatement: { limit, evaluationWindowSec: 300, ...rateBasedStatement } },
    visibilityConfig: { cloudwatchMetricsEnabled: true, metricName: name, sampledRequestsEnabled: true },
  });
  const rules = [
    rule("PerAddress", 0, {
      aggregateKeyType: "IP",
      scopeDownStatement: ofProxies
        ? { andStatement: { statements: [TRACKER, { notStatement: { statements: [ofProxies] } }] } }
        : TRACKER,
    }),
    ...(ofProxies
      ? [
          // Behind one of your own proxies everybody has its address; the one it forwards is that of the visitor.
          rule("PerForwardedAddress", 1, {
            aggregateKeyType: "FORWARDED_IP",
            forwardedIpConfig: { headerName: "X-Forwarded-For", fallbackBehavior: "NO_MATCH" },
            scopeDownStatement: { andStatement: { statements: [TRACKER, ofProxies] } },
          }),
        ]
      : []),
  ];
  const metrics = named("firewall");
  return {
    /** For SST's component, whose own rule is replaced; those that inspect bodies are off: events are full of what looks like attacks. */
    rules: {
      rateLimitPerIp: limit,
      managedRules: { coreRuleSet: false, knownBadInputs: false, sqlInjection: false },
    },
    transform: (args: aws.wafv2.WebAclArgs): undefined => {
      args.rules = rules;
      // SST names the metrics of every stage alike.
      args.visibilityConfig = { cloudwatchMetricsEnabled: true, metricName: metrics, sampledRequestsEnabled: true };
    },
    /** Name of its metrics. */
    metrics,
  };
}

/** The declared proxies: a set holds addresses of one version alone, and AWS takes no other into it. */
function proxySets(): aws.wafv2.IpSet[] {
  if (stage.proxies.length === 0) return [];
  // CloudFront's firewall and what it refers to live in us-east-1, wherever the stage is.
  const provider = new aws.Provider("FirewallRegion", { region: "us-east-1" });
  const { IPV4 = [], IPV6 = [] } = Object.groupBy(stage.proxies, (range) => (range.includes(":") ? "IPV6" : "IPV4"));
  const set = (name: string, suffix: string, ipAddressVersion: "IPV4" | "IPV6", addresses: string[]) =>
    new aws.wafv2.IpSet(name, { name: named(suffix), scope: "CLOUDFRONT", ipAddressVersion, addresses }, { provider });
  return [
    ...(IPV4.length > 0 ? [set("Proxies", "proxies", "IPV4", IPV4)] : []),
    ...(IPV6.length > 0 ? [set("ProxiesV6", "proxies-v6", "IPV6", IPV6)] : []),
  ];
}

/**
 * The firewall at CloudFront: browsers that send too much are asked to come later. It looks at the tracker's route alone. Servers
 * send many events from one address, as they should; the gateway's throttle holds them, with an answer that their SDKs repeat after.
 * A refusal here would be final for a client: 403 is "never try again", so it is 429, readable by pages of any origin.
 */
export const firewall =
  $dev || stage.requestsPerAddress === null ? undefined : createFirewall(stage.requestsPerAddress);
