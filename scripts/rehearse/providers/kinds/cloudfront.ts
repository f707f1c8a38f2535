import type { Fields, Json } from "../grpc.ts";
import type { Kinds } from "../kind.ts";
import { at, counted, list, scalar, strings, text } from "../values.ts";

/** The largest function that CloudFront takes. */
const FUNCTION_BYTES = 10_240;
/** CloudFront's own zone in Route 53, the same for everybody. */
const HOSTED_ZONE = "Z2FDTNDATAQYW2";

function cachePolicy(inputs: Fields) {
  const key = inputs["parametersInCacheKeyAndForwardedToOrigin"];
  return {
    Name: inputs["name"],
    Comment: inputs["comment"],
    DefaultTTL: inputs["defaultTtl"],
    MaxTTL: inputs["maxTtl"],
    MinTTL: inputs["minTtl"],
    ParametersInCacheKeyAndForwardedToOrigin: {
      EnableAcceptEncodingGzip: at(key, "enableAcceptEncodingGzip"),
      EnableAcceptEncodingBrotli: at(key, "enableAcceptEncodingBrotli"),
      HeadersConfig: {
        HeaderBehavior: at(key, "headersConfig", "headerBehavior"),
        Headers: counted(at(key, "headersConfig", "headers", "items")),
      },
      CookiesConfig: { CookieBehavior: at(key, "cookiesConfig", "cookieBehavior") },
      QueryStringsConfig: { QueryStringBehavior: at(key, "queryStringsConfig", "queryStringBehavior") },
    },
  };
}

const edgeFunction = (inputs: Fields) => {
  const code = text(inputs, "code");
  const bytes = Buffer.byteLength(code);
  if (bytes > FUNCTION_BYTES)
    throw new Error(`CloudFront would refuse the function: ${bytes} bytes, at most ${FUNCTION_BYTES}.`);
  const stores = strings(inputs["keyValueStoreAssociations"]);
  return {
    Name: inputs["name"],
    FunctionConfig: {
      Comment: inputs["comment"] ?? "",
      Runtime: inputs["runtime"],
      ...(stores.length > 0 && {
        KeyValueStoreAssociations: { Quantity: stores.length, Items: stores.map((arn) => ({ KeyValueStoreARN: arn })) },
      }),
    },
    FunctionCode: { $base64: Buffer.from(code).toString("base64") },
  };
};

const behavior = (value: Json | undefined) => ({
  TargetOriginId: at(value, "targetOriginId"),
  ViewerProtocolPolicy: at(value, "viewerProtocolPolicy"),
  Compress: at(value, "compress"),
  AllowedMethods: {
    ...counted(at(value, "allowedMethods")),
    CachedMethods: counted(at(value, "cachedMethods")),
  },
  CachePolicyId: at(value, "cachePolicyId"),
  OriginRequestPolicyId: at(value, "originRequestPolicyId"),
  ResponseHeadersPolicyId: at(value, "responseHeadersPolicyId"),
  LambdaFunctionAssociations: counted(
    list(at(value, "lambdaFunctionAssociations")).map(({ eventType, lambdaArn, includeBody }) => ({
      EventType: eventType ?? null,
      LambdaFunctionARN: lambdaArn ?? null,
      IncludeBody: includeBody ?? false,
    })),
  ),
  FunctionAssociations: counted(
    list(at(value, "functionAssociations")).map(({ eventType, functionArn }) => ({
      EventType: eventType ?? null,
      FunctionARN: functionArn ?? null,
    })),
  ),
});

const origin = (value: Fields) => {
  const custom = value["customOriginConfig"];
  return {
    Id: value["originId"],
    DomainName: value["domainName"],
    CustomHeaders: { Quantity: 0 },
    ...(custom !== undefined && {
      CustomOriginConfig: {
        HTTPPort: at(custom, "httpPort"),
        HTTPSPort: at(custom, "httpsPort"),
        OriginProtocolPolicy: at(custom, "originProtocolPolicy"),
        OriginReadTimeout: at(custom, "originReadTimeout"),
        OriginSslProtocols: counted(at(custom, "originSslProtocols")),
      },
    }),
  };
};

function distribution(inputs: Fields) {
  const origins = list(inputs["origins"]).map(origin);
  const errors = list(inputs["customErrorResponses"]).map(
    ({ errorCode, errorCachingMinTtl, responseCode, responsePagePath }) => ({
      ErrorCode: errorCode,
      ErrorCachingMinTTL: errorCachingMinTtl,
      ResponseCode: responseCode === undefined ? undefined : scalar(responseCode),
      ResponsePagePath: responsePagePath,
    }),
  );
  const certificate = inputs["viewerCertificate"];
  return {
    Comment: inputs["comment"],
    Enabled: inputs["enabled"],
    DefaultRootObject: inputs["defaultRootObject"],
    HttpVersion: inputs["httpVersion"],
    IsIPV6Enabled: inputs["isIpv6Enabled"],
    Origins: { Quantity: origins.length, Items: origins },
    DefaultCacheBehavior: behavior(inputs["defaultCacheBehavior"]),
    CustomErrorResponses: { Quantity: errors.length, ...(errors.length > 0 && { Items: errors }) },
    Aliases: counted(inputs["aliases"]),
    Restrictions: {
      GeoRestriction: {
        RestrictionType: at(inputs, "restrictions", "geoRestriction", "restrictionType"),
        ...counted(at(inputs, "restrictions", "geoRestriction", "locations")),
      },
    },
    ViewerCertificate: {
      CloudFrontDefaultCertificate: at(certificate, "cloudfrontDefaultCertificate"),
      ACMCertificateArn: at(certificate, "acmCertificateArn"),
      SSLSupportMethod: at(certificate, "sslSupportMethod"),
      MinimumProtocolVersion: at(certificate, "minimumProtocolVersion"),
    },
    WebACLId: inputs["webAclId"],
  };
}

/** What stands before everything: the site's distribution, its function at the edge and that one's routes. */
export const cloudFront: Kinds = {
  "aws:cloudfront/cachePolicy:CachePolicy": {
    named: "name",
    replacedBy: [],
    create: async (inputs, { aws }) => {
      const made = await aws("cloudfront", "CreateCachePolicy", { CachePolicyConfig: cachePolicy(inputs) });
      return { id: text(made, "CachePolicy", "Id"), outputs: { etag: text(made, "ETag") } };
    },
    update: async (id, inputs, { aws }) =>
      void (await aws("cloudfront", "UpdateCachePolicy", { Id: id, CachePolicyConfig: cachePolicy(inputs) })),
    remove: (id, _inputs, { aws }) => aws("cloudfront", "DeleteCachePolicy", { Id: id }),
  },
  "aws:cloudfront/keyValueStore:KeyValueStore": {
    named: "name",
    replacedBy: ["name"],
    create: async (inputs, { aws }) => {
      const made = await aws("cloudfront", "CreateKeyValueStore", {
        Name: inputs["name"],
        Comment: inputs["comment"],
      });
      const store = made["KeyValueStore"];
      return { id: text(store, "Id"), outputs: { arn: text(store, "ARN"), etag: text(made, "ETag") } };
    },
    remove: async (_id, inputs, { aws }) => {
      const { ETag } = await aws("cloudfront", "DescribeKeyValueStore", { Name: inputs["name"] });
      return aws("cloudfront", "DeleteKeyValueStore", { Name: inputs["name"], IfMatch: ETag });
    },
  },
  "aws:cloudfront/function:Function": {
    named: "name",
    replacedBy: ["name"],
    ignored: ["publish"],
    create: async (inputs, { aws }) => {
      const made = await aws("cloudfront", "CreateFunction", edgeFunction(inputs));
      const arn = text(made, "FunctionSummary", "FunctionMetadata", "FunctionARN");
      const etag = text(made, "ETag");
      await aws("cloudfront", "PublishFunction", { Name: inputs["name"], IfMatch: etag });
      return { id: text(inputs, "name"), outputs: { arn, etag, liveStageEtag: etag, status: "UNASSOCIATED" } };
    },
    update: async (id, inputs, { aws }) => {
      const { ETag } = await aws("cloudfront", "DescribeFunction", { Name: id });
      const made = await aws("cloudfront", "UpdateFunction", { ...edgeFunction(inputs), IfMatch: ETag });
      await aws("cloudfront", "PublishFunction", { Name: id, IfMatch: text(made, "ETag") });
    },
    remove: async (id, _inputs, { aws }) => {
      const { ETag } = await aws("cloudfront", "DescribeFunction", { Name: id });
      return aws("cloudfront", "DeleteFunction", { Name: id, IfMatch: ETag });
    },
  },
  "aws:cloudfront/distribution:Distribution": {
    replacedBy: [],
    ignored: ["waitForDeployment", "retainOnDelete"],
    create: async (inputs, { aws, tags }) => {
      const made = await aws("cloudfront", "CreateDistributionWithTags", {
        DistributionConfigWithTags: {
          DistributionConfig: { ...distribution(inputs), CallerReference: crypto.randomUUID() },
          Tags: { Items: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })) },
        },
      });
      const { Distribution } = made;
      return {
        id: text(Distribution, "Id"),
        outputs: {
          arn: text(Distribution, "ARN"),
          domainName: text(Distribution, "DomainName"),
          hostedZoneId: HOSTED_ZONE,
          etag: text(made, "ETag"),
          status: "Deployed",
        },
      };
    },
    update: async (id, inputs, { aws }) => {
      const { ETag, DistributionConfig } = await aws("cloudfront", "GetDistributionConfig", { Id: id });
      const CallerReference = text(DistributionConfig, "CallerReference");
      await aws("cloudfront", "UpdateDistribution", {
        Id: id,
        IfMatch: ETag,
        DistributionConfig: { ...distribution(inputs), CallerReference },
      });
    },
    // It must be switched off before AWS lets it go.
    remove: async (id, inputs, { aws }) => {
      const before = await aws("cloudfront", "GetDistributionConfig", { Id: id });
      const CallerReference = text(before, "DistributionConfig", "CallerReference");
      const { ETag } = await aws("cloudfront", "UpdateDistribution", {
        Id: id,
        IfMatch: before["ETag"],
        DistributionConfig: { ...distribution({ ...inputs, enabled: false }), CallerReference },
      });
      return aws("cloudfront", "DeleteDistribution", { Id: id, IfMatch: ETag });
    },
  },
};
