import { api } from "./api.ts";
import { lambda } from "./lambda.ts";
import { askQuestions, mailFrom } from "./query.ts";
import { readRegistry, registry, writeRegistry } from "./registry.ts";
import { smtpUrl } from "./secrets.ts";
import { stage } from "./stage.ts";
import { storeEnvironment } from "./store.ts";
import { router } from "./web.ts";

const { accountId } = await aws.getCallerIdentity();
const { region } = await aws.getRegion();

/** From this address and no other. In SES's sandbox the recipient's identity is asked for as well, hence all of the account's. */
const sendMail =
  stage.mailFrom === null
    ? []
    : [
        {
          actions: ["ses:SendEmail"],
          resources: [`arn:aws:ses:${region}:${accountId}:identity/*`],
          conditions: [{ test: "StringEquals", variable: "ses:FromAddress", values: [stage.mailFrom.address] }],
        },
      ];

const reports = lambda("Reports", {
  memory: "512 MB",
  // It is called again after ten minutes; what it has claimed is its own for twenty.
  timeout: "480 seconds",
  permissions: [
    readRegistry,
    ...writeRegistry({ put: ["share", "sending", "unsubscribe", "audit-log"] }),
    ...askQuestions,
    ...sendMail,
  ],
  inNetwork: true,
  environment: {
    ...storeEnvironment,
    REGISTRY_TABLE: registry.name,
    PUBLIC_URL: router?.url ?? api.url,
    ...mailFrom,
  },
  link: [smtpUrl],
});

/** Sends reports, and looks at watches, when they are due. */
new sst.aws.CronV2("SendReports", { schedule: "rate(10 minutes)", function: reports.arn });
