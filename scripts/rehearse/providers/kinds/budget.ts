import type { Fields } from "../grpc.ts";
import type { Kinds } from "../kind.ts";
import { list, scalar, strings, text } from "../values.ts";

const budget = (inputs: Fields) => ({
  BudgetName: inputs["name"],
  BudgetType: inputs["budgetType"],
  TimeUnit: inputs["timeUnit"],
  BudgetLimit: { Amount: inputs["limitAmount"], Unit: inputs["limitUnit"] },
  ...(inputs["costFilters"] !== undefined && {
    CostFilters: Object.fromEntries(list(inputs["costFilters"]).map(({ name, values }) => [scalar(name), values])),
  }),
});

const notifications = (inputs: Fields) =>
  list(inputs["notifications"]).map((each) => ({
    Notification: {
      NotificationType: each["notificationType"],
      ComparisonOperator: each["comparisonOperator"],
      Threshold: each["threshold"],
      ThresholdType: each["thresholdType"],
    },
    Subscribers: [
      ...strings(each["subscriberSnsTopicArns"]).map((Address) => ({ SubscriptionType: "SNS", Address })),
      ...strings(each["subscriberEmailAddresses"]).map((Address) => ({ SubscriptionType: "EMAIL", Address })),
    ],
  }));

export const budgets: Kinds = {
  "aws:budgets/budget:Budget": {
    named: "name",
    replacedBy: ["name"],
    create: async (inputs, { aws, account }) => {
      await aws("budgets", "CreateBudget", {
        AccountId: account,
        Budget: budget(inputs),
        NotificationsWithSubscribers: notifications(inputs),
      });
      return { id: `${account}:${text(inputs, "name")}` };
    },
    update: async (_id, inputs, { aws, account }) => {
      void notifications(inputs);
      await aws("budgets", "UpdateBudget", { AccountId: account, NewBudget: budget(inputs) });
    },
    remove: (_id, inputs, { aws, account }) =>
      aws("budgets", "DeleteBudget", { AccountId: account, BudgetName: inputs["name"] }),
  },
};
