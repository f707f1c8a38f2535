import type { RecordedCall } from "./policy.ts";

const of = (service: string, ...actions: readonly string[]): RecordedCall[] =>
  actions.map((action) => ({ actor: "provider", service, action }));

/** A version that no longer has a resource deletes it. Recorded where a personal stage is removed, and production never is. */
const DELETIONS: readonly RecordedCall[] = [
  ...of("apigateway", "DeleteApi", "DeleteRoute"),
  ...of("cloudfront", "DeleteCachePolicy", "DeleteDistribution", "DeleteFunction", "DeleteKeyValueStore"),
  ...of("dynamodb", "DeleteTable"),
  ...of("es", "DeleteDomain"),
  ...of("iam", "DeleteRole", "DeleteRolePolicy"),
  ...of("lambda", "DeleteFunction", "DeleteEventSourceMapping", "RemovePermission", "DeleteFunctionEventInvokeConfig"),
  ...of("logs", "DeleteLogGroup", "DeleteSubscriptionFilter"),
  ...of("monitoring", "DeleteAlarms", "DeleteDashboards"),
  ...of("s3", "DeleteBucket", "DeleteBucketPolicy", "DeleteObject", "AbortMultipartUpload"),
  ...of("scheduler", "DeleteSchedule"),
  ...of("sns", "DeleteTopic", "Unsubscribe"),
  ...of("sqs", "DeleteQueue"),
  ...of("wafv2", "DeleteWebACL"),
];

/**
 * What the real provider calls and a rehearsal may not show: changes in place of what is there, deletions, tags, and what only
 * production has and the record at hand may lack. Each is the operation behind a resource of stacks/inventory.
 */
export const BEYOND_RECORD: readonly RecordedCall[] = [
  ...DELETIONS,
  ...of("apigateway", "UpdateApi", "UpdateRoute", "PutIntegration", "DeleteCorsConfiguration"),
  ...of("budgets", "CreateBudget", "DescribeBudget", "TagResource"),
  ...of("cloudfront", "CreateDistributionWithTags", "UpdateFunction", "UpdateCachePolicy", "TagResource"),
  ...of("cloudfront-keyvaluestore", "UpdateKeys", "PutKey", "DeleteKey"),
  ...of("dynamodb", "UpdateTable", "TagResource"),
  ...of("es", "UpdateDomainConfig", "AddTags"),
  ...of("iam", "UpdateAssumeRolePolicy", "TagRole"),
  ...of("lambda", "Invoke", "UpdateFunctionCode", "UpdateFunctionConfiguration"),
  ...of("lambda", "PutFunctionConcurrency", "DeleteFunctionConcurrency", "UpdateEventSourceMapping", "TagResource"),
  ...of("lambda", "UpdateFunctionEventInvokeConfig"),
  ...of("logs", "TagResource"),
  // No operations of ours: what the gateway asks whether its caller may, when a stage gets an access log.
  ...of("logs", "CreateLogDelivery", "UpdateLogDelivery", "DeleteLogDelivery", "PutResourcePolicy"),
  ...of("monitoring", "PutDashboard", "TagResource"),
  ...of("s3", "PutBucketLifecycleConfiguration", "PutBucketTagging"),
  ...of("scheduler", "UpdateSchedule"),
  ...of("sns", "TagResource"),
  ...of("sqs", "SetQueueAttributes", "TagQueue"),
  ...of("wafv2", "CreateWebACL", "UpdateWebACL"),
];
