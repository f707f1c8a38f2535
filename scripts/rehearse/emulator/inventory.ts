import { at, scalar } from "../providers/values.ts";
import type { Fields, Json } from "../providers/grpc.ts";
import type { Aws } from "../providers/kind.ts";

/** Everything of one sort that an account holds: how it is asked for, where the list is, and what to call each. */
interface Sort {
  readonly name: string;
  readonly service: string;
  readonly operation: string;
  readonly input?: Readonly<Record<string, unknown>>;
  readonly list: readonly string[];
  readonly called: readonly string[];
}

const SORTS: readonly Sort[] = [
  { name: "function", service: "lambda", operation: "ListFunctions", list: ["Functions"], called: ["FunctionName"] },
  {
    name: "event source mapping",
    service: "lambda",
    operation: "ListEventSourceMappings",
    list: ["EventSourceMappings"],
    called: ["UUID"],
  },
  { name: "role", service: "iam", operation: "ListRoles", list: ["Roles"], called: ["RoleName"] },
  { name: "log group", service: "logs", operation: "DescribeLogGroups", list: ["logGroups"], called: ["logGroupName"] },
  { name: "queue", service: "sqs", operation: "ListQueues", list: ["QueueUrls"], called: [] },
  { name: "topic", service: "sns", operation: "ListTopics", list: ["Topics"], called: ["TopicArn"] },
  {
    name: "subscription",
    service: "sns",
    operation: "ListSubscriptions",
    list: ["Subscriptions"],
    called: ["SubscriptionArn"],
  },
  { name: "table", service: "dynamodb", operation: "ListTables", list: ["TableNames"], called: [] },
  { name: "bucket", service: "s3", operation: "ListBuckets", list: ["Buckets"], called: ["Name"] },
  { name: "API", service: "apigatewayv2", operation: "GetApis", list: ["Items"], called: ["ApiId"] },
  {
    name: "distribution",
    service: "cloudfront",
    operation: "ListDistributions",
    list: ["DistributionList", "Items"],
    called: ["Id"],
  },
  {
    name: "edge function",
    service: "cloudfront",
    operation: "ListFunctions",
    list: ["FunctionList", "Items"],
    called: ["Name"],
  },
  {
    name: "key-value store",
    service: "cloudfront",
    operation: "ListKeyValueStores",
    list: ["KeyValueStoreList", "Items"],
    called: ["Name"],
  },
  {
    name: "cache policy",
    service: "cloudfront",
    operation: "ListCachePolicies",
    input: { Type: "custom" },
    list: ["CachePolicyList", "Items"],
    called: ["CachePolicy", "Id"],
  },
  {
    name: "firewall",
    service: "wafv2",
    operation: "ListWebACLs",
    input: { Scope: "CLOUDFRONT" },
    list: ["WebACLs"],
    called: ["Name"],
  },
  { name: "alarm", service: "cloudwatch", operation: "DescribeAlarms", list: ["MetricAlarms"], called: ["AlarmName"] },
  {
    name: "dashboard",
    service: "cloudwatch",
    operation: "ListDashboards",
    list: ["DashboardEntries"],
    called: ["DashboardName"],
  },
  { name: "schedule", service: "scheduler", operation: "ListSchedules", list: ["Schedules"], called: ["Name"] },
  {
    name: "domain",
    service: "opensearch",
    operation: "ListDomainNames",
    list: ["DomainNames"],
    called: ["DomainName"],
  },
  {
    name: "budget",
    service: "budgets",
    operation: "DescribeBudgets",
    input: { AccountId: "123456789012" },
    list: ["Budgets"],
    called: ["BudgetName"],
  },
];

/** What `sst` makes once for all apps of an account, and never removes. */
const BOOTSTRAP = /^bucket sst-(asset|state)-/;

/** Everything in the account, as `sort name`, in order; without what SST keeps there for itself. */
export async function inventory(aws: Aws): Promise<string[]> {
  const found = await Promise.all(
    SORTS.map(async ({ name, service, operation, input, list, called }) => {
      const all = at(await aws(service, operation, input), ...list);
      return (Array.isArray(all) ? all : []).map((each: Json) => `${name} ${scalar(at(each as Fields, ...called))}`);
    }),
  );
  return found
    .flat()
    .filter((line) => !BOOTSTRAP.test(line))
    .toSorted();
}
