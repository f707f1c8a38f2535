import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { setTimeout as delay } from "node:timers/promises";
import type { Fields, Json } from "../grpc.ts";
import { setting, type Kinds } from "../kind.ts";
import { at, list, pascal, text } from "../values.ts";
import { document } from "./iam-logs.ts";

const rules = (inputs: Fields) =>
  list(inputs["rules"]).map(({ id, status, filter, expiration, noncurrentVersionExpiration, transitions }) => ({
    ID: id,
    Status: status,
    Filter: pascal(filter) ?? { Prefix: "" },
    Expiration: pascal(expiration),
    NoncurrentVersionExpiration: pascal(noncurrentVersionExpiration),
    Transitions: pascal(transitions),
  }));

const cors = (inputs: Fields) =>
  list(inputs["corsRules"]).map(({ allowedHeaders, allowedMethods, allowedOrigins, exposeHeaders, maxAgeSeconds }) => ({
    AllowedHeaders: allowedHeaders,
    AllowedMethods: allowedMethods,
    AllowedOrigins: allowedOrigins,
    ExposeHeaders: exposeHeaders,
    MaxAgeSeconds: maxAgeSeconds,
  }));

/** The file that is uploaded: SST makes its zips itself. */
function contentOf(source: Json | undefined): Promise<Buffer> {
  return readFile(text(source, "path"));
}

const domain = (inputs: Fields) => ({
  DomainName: inputs["domainName"],
  ClusterConfig: pascal(inputs["clusterConfig"]),
  EBSOptions: {
    EBSEnabled: at(inputs, "ebsOptions", "ebsEnabled"),
    VolumeType: at(inputs, "ebsOptions", "volumeType"),
    VolumeSize: at(inputs, "ebsOptions", "volumeSize"),
    Iops: at(inputs, "ebsOptions", "iops"),
    Throughput: at(inputs, "ebsOptions", "throughput"),
  },
  AccessPolicies: document(inputs["accessPolicies"]),
  EncryptionAtRestOptions: pascal(inputs["encryptAtRest"]),
  NodeToNodeEncryptionOptions: pascal(inputs["nodeToNodeEncryption"]),
  DomainEndpointOptions: {
    EnforceHTTPS: at(inputs, "domainEndpointOptions", "enforceHttps"),
    TLSSecurityPolicy: at(inputs, "domainEndpointOptions", "tlsSecurityPolicy"),
  },
  AutoTuneOptions: pascal(inputs["autoTuneOptions"]),
  OffPeakWindowOptions: pascal(inputs["offPeakWindowOptions"]),
  SoftwareUpdateOptions: pascal(inputs["softwareUpdateOptions"]),
  CognitoOptions: pascal(inputs["cognitoOptions"]),
  VPCOptions: pascal(inputs["vpcOptions"]),
  AdvancedOptions: inputs["advancedOptions"],
});

/** How long the domain seems to take. AWS needs half an hour; some seconds are enough to see who does not wait for it. */
const DOMAIN_SECONDS = 5;

export const storage: Kinds = {
  "aws:opensearch/domain:Domain": {
    replacedBy: ["domainName"],
    create: async (inputs, { aws, tags, region }) => {
      const name = text(inputs, "domainName");
      await aws("opensearch", "CreateDomain", {
        ...domain(inputs),
        EngineVersion: inputs["engineVersion"],
        TagList: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })),
      });
      await delay(DOMAIN_SECONDS * 1000);
      const { DomainStatus } = await aws("opensearch", "DescribeDomain", { DomainName: name });
      const endpoint = `search-${name}-rehearsal.${region}.es.amazonaws.com`;
      const arn = text(DomainStatus, "ARN");
      return { id: arn, outputs: { arn, endpoint, domainId: text(DomainStatus, "DomainId") } };
    },
    update: async (_id, inputs, { aws }, before) => {
      const { OffPeakWindowOptions, ...changes } = domain(inputs);
      await aws("opensearch", "UpdateDomainConfig", { ...changes, OffPeakWindowOptions });
      if (inputs["engineVersion"] !== before["engineVersion"])
        await aws("opensearch", "UpgradeDomain", {
          DomainName: inputs["domainName"],
          TargetVersion: inputs["engineVersion"],
        });
    },
    remove: (_id, inputs, { aws }) => aws("opensearch", "DeleteDomain", { DomainName: inputs["domainName"] }),
  },
  "aws:opensearch/domainPolicy:DomainPolicy": setting(
    ["domainName"],
    async (inputs, { aws }) => {
      const name = text(inputs, "domainName");
      const AccessPolicies = document(inputs["accessPolicies"]);
      await aws("opensearch", "UpdateDomainConfig", { DomainName: name, AccessPolicies });
      return { id: `esd-policy-${name}` };
    },
    async () => undefined,
  ),
  "aws:s3/bucket:Bucket": {
    named: "bucket",
    replacedBy: ["bucket"],
    ignored: ["forceDestroy"],
    create: async (inputs, { aws, tags, region }) => {
      const bucket = text(inputs, "bucket");
      await aws("s3", "CreateBucket", { Bucket: bucket });
      const TagSet = Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
      if (TagSet.length > 0) await aws("s3", "PutBucketTagging", { Bucket: bucket, Tagging: { TagSet } });
      return {
        id: bucket,
        outputs: {
          arn: `arn:aws:s3:::${bucket}`,
          bucketDomainName: `${bucket}.s3.amazonaws.com`,
          bucketRegionalDomainName: `${bucket}.s3.${region}.amazonaws.com`,
          region,
        },
      };
    },
    // The provider empties it first where `forceDestroy` is set, as SST does for stages that are removed.
    update: async (_id, inputs) => void inputs["bucket"],
    remove: async (id, inputs, { aws }) => {
      if (inputs["forceDestroy"] === true) {
        const { Contents } = await aws("s3", "ListObjectsV2", { Bucket: id });
        const objects = list(Contents).map(({ Key }) => ({ Key }));
        if (objects.length > 0) await aws("s3", "DeleteObjects", { Bucket: id, Delete: { Objects: objects } });
      }
      return aws("s3", "DeleteBucket", { Bucket: id });
    },
  },
  "aws:s3/bucketVersioning:BucketVersioning": setting(
    ["bucket"],
    async (inputs, { aws }) => {
      const id = text(inputs, "bucket");
      await aws("s3", "PutBucketVersioning", {
        Bucket: id,
        VersioningConfiguration: pascal(inputs["versioningConfiguration"]),
      });
      return { id };
    },
    async () => undefined,
  ),
  "aws:s3/bucketCorsConfiguration:BucketCorsConfiguration": setting(
    ["bucket"],
    async (inputs, { aws }) => {
      const id = text(inputs, "bucket");
      await aws("s3", "PutBucketCors", { Bucket: id, CORSConfiguration: { CORSRules: cors(inputs) } });
      return { id };
    },
    (id, _inputs, { aws }) => aws("s3", "DeleteBucketCors", { Bucket: id }),
  ),
  "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration": setting(
    ["bucket"],
    async (inputs, { aws }) => {
      const id = text(inputs, "bucket");
      await aws("s3", "PutBucketLifecycleConfiguration", {
        Bucket: id,
        LifecycleConfiguration: { Rules: rules(inputs) },
      });
      return { id };
    },
    (id, _inputs, { aws }) => aws("s3", "DeleteBucketLifecycle", { Bucket: id }),
  ),
  "aws:s3/bucketPolicy:BucketPolicy": setting(
    ["bucket"],
    async (inputs, { aws }) => {
      const id = text(inputs, "bucket");
      await aws("s3", "PutBucketPolicy", { Bucket: id, Policy: document(inputs["policy"]) });
      return { id };
    },
    (id, _inputs, { aws }) => aws("s3", "DeleteBucketPolicy", { Bucket: id }),
  ),
  "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock": setting(
    ["bucket"],
    async (inputs, { aws }) => {
      const id = text(inputs, "bucket");
      await aws("s3", "PutPublicAccessBlock", {
        Bucket: id,
        PublicAccessBlockConfiguration: {
          BlockPublicAcls: inputs["blockPublicAcls"],
          BlockPublicPolicy: inputs["blockPublicPolicy"],
          IgnorePublicAcls: inputs["ignorePublicAcls"],
          RestrictPublicBuckets: inputs["restrictPublicBuckets"],
        },
      });
      return { id };
    },
    (id, _inputs, { aws }) => aws("s3", "DeletePublicAccessBlock", { Bucket: id }),
  ),
  "aws:s3/bucketObjectv2:BucketObjectv2": setting(
    ["bucket", "key"],
    async (inputs, { aws }) => {
      const [bucket, key] = [text(inputs, "bucket"), text(inputs, "key")];
      void JSON.stringify(inputs["source"]);
      const body = await contentOf(inputs["source"]);
      await aws("s3", "PutObject", { Bucket: bucket, Key: key, Body: { $base64: body.toString("base64") } });
      const etag = createHash("md5").update(body).digest("hex");
      return { id: key, outputs: { arn: `arn:aws:s3:::${bucket}/${key}`, etag, versionId: "" } };
    },
    (_id, inputs, { aws }) => aws("s3", "DeleteObject", { Bucket: inputs["bucket"], Key: inputs["key"] }),
  ),
};
