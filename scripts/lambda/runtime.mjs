// A Lambda runtime in a few lines: imports the handler, then asks the Runtime API for one event after the other.
// https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html
// AWS's own client for this (aws-lambda-ric) compiles curl and C++ when it is installed, which neither a laptop nor CI should need.
// These tests were run with its JavaScript in place of this file too (3.3.0, its compiled transport replaced): the same results.
import { join } from "node:path";

const api = `http://${process.env["AWS_LAMBDA_RUNTIME_API"]}/2018-06-01/runtime`;
const [module, name] = (process.env["_HANDLER"] ?? "").split(".");
const describe = (error) =>
  JSON.stringify({ errorType: error?.name, errorMessage: error?.message, trace: error?.stack?.split("\n") });
const post = (path, body) => fetch(`${api}/${path}`, { method: "POST", body });

let handler;
try {
  ({ [name]: handler } = await import(join(process.env["LAMBDA_TASK_ROOT"] ?? "", `${module}.mjs`)));
} catch (error) {
  await post("init/error", describe(error));
  process.exit(1);
}
/** An environment may wait for hours; fetch takes no answer within five minutes for a failure. */
async function nextInvocation() {
  for (;;) {
    try {
      return await fetch(`${api}/invocation/next`);
    } catch (error) {
      if (error.cause?.code !== "UND_ERR_HEADERS_TIMEOUT") throw error;
    }
  }
}

for (;;) {
  const next = await nextInvocation();
  const awsRequestId = next.headers.get("lambda-runtime-aws-request-id");
  const deadline = Number(next.headers.get("lambda-runtime-deadline-ms"));
  const context = { awsRequestId, getRemainingTimeInMillis: () => deadline - Date.now() };
  try {
    const result = await handler(await next.json(), context);
    await post(`invocation/${awsRequestId}/response`, JSON.stringify(result ?? null));
  } catch (error) {
    await post(`invocation/${awsRequestId}/error`, describe(error));
  }
}
