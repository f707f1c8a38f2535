// oxlint-disable-next-line typescript/triple-slash-reference -- SST writes its types there; nothing can import them.
/// <reference path="./.sst/platform/config.d.ts" />

// The whole of Millrace on AWS. `npx sst deploy --stage production` creates it; docs/deploy.md walks through it.
// Sizes, limits and switches of a stage are in stacks/stages.ts and nowhere else.
export default $config({
  async app(input) {
    const { settingsOf } = await import("./stacks/stages.ts");
    const { keep, tags } = settingsOf(input.stage);
    return {
      name: "millrace",
      home: "aws",
      // "retain" covers tables and buckets only. The queues, the search domain and the archive protect themselves in their own
      // files, because `sst remove` would otherwise delete a production stage's events.
      removal: keep ? "retain" : "remove",
      protect: keep,
      providers: { aws: { region: "us-east-1", defaultTags: { tags } }, random: "4.16.6" },
    };
  },
  async run() {
    // In the order events flow. Each file makes its part once and exports what the later ones need.
    await import("./stacks/secrets.ts");
    await import("./stacks/network.ts");
    await import("./stacks/queue.ts");
    await import("./stacks/registry.ts");
    await import("./stacks/salts.ts");
    await import("./stacks/store.ts");
    await import("./stacks/archive.ts");
    await import("./stacks/upkeep.ts");
    await import("./stacks/ingest.ts");
    await import("./stacks/collector.ts");
    await import("./stacks/query.ts");
    await import("./stacks/manage.ts");
    await import("./stacks/console.ts");
    await import("./stacks/refresh.ts");
    const { api } = await import("./stacks/api.ts");
    const { router } = await import("./stacks/web.ts");
    await import("./stacks/reports.ts");
    await import("./stacks/health.ts");
    await import("./stacks/replay.ts");
    const { admin } = await import("./stacks/admin.ts");
    const { topic } = await import("./stacks/slack.ts");
    // After all other functions, whose logs it reads.
    const { executions } = await import("./stacks/executions.ts");
    // Under `sst dev` the functions run on somebody's machine, which is switched off in the evening.
    if (!$dev) {
      await import("./stacks/alarms.ts");
      await import("./stacks/dashboard.ts");
    }
    await import("./stacks/budget.ts");
    return { url: router?.url ?? api.url, admin: admin.name, alarms: topic.arn, executions: executions.arn };
  },
});
