import type { RecordedCall } from "./policy.ts";

const of = (service: string, ...actions: readonly string[]): RecordedCall[] =>
  actions.map((action) => ({ actor: "provider", service, action }));

/**
 * What the real provider calls and a rehearsal may not show: changes in place of what is there, tags, and what only production has
 * and the record at hand may lack. Each is the operation behind a resource of stacks/inventory.
 */
export const BEYOND_RECORD: readonly RecordedCall[] = [
  ...of("apigateway", "UpdateApi", "UpdateRoute", "PutIntegration", "DeleteCorsConfiguration"),
  ...of("budgets", "CreateBudget", "DescribeBudget", "TagResource"),
  ...of("cloudfront", "CreateDistributionWithTags", "UpdateFunction", "UpdateCachePolicy", "TagResource"),
  ...of("cloudfront-keyvaluestore", "UpdateKeys", "PutKey", "DeleteKey"),
  ...of("dynamodb", "UpdateTable", "TagResource"),
  ...of("es", "UpdateDomainConfig", "AddTags"),
  ...of("iam", "UpdateAssumeRolePolicy", "TagRole"),
  ...of("lambda", "Invoke", "UpdateFunctionCode", "UpdateFunctionConfiguration"),
  ...of("lambda", "PutFunctionConcurrency", "DeleteFunctionConcurrency", "UpdateEventSourceMapping", "TagResource"),
  ...of("logs", "TagResource"),
  // No operations of ours: what the gateway asks whether its caller may, when a stage gets an access log.
  ...of("logs", "CreateLogDelivery", "UpdateLogDelivery", "DeleteLogDelivery", "PutResourcePolicy"),
  ...of("monitoring", "PutDashboard", "DeleteDashboards", "TagResource"),
  ...of("s3", "PutBucketLifecycleConfiguration", "PutBucketTagging"),
  ...of("scheduler", "UpdateSchedule"),
  ...of("sns", "TagResource"),
  ...of("sqs", "SetQueueAttributes", "TagQueue"),
  ...of("wafv2", "CreateWebACL", "UpdateWebACL", "DeleteWebACL"),
];
