import { appOf, type Route } from "@millrace/access";
import { isObject } from "@millrace/core";

/** What an operator's command line gets: the API's answer. */
export interface OpsAnswer {
  readonly status: number;
  readonly body: unknown;
}

/** `{"ops":"executions?since=1h"}` by `aws lambda invoke`: a path below `/ops/`. */
export interface OpsQuestion {
  readonly ops: string;
}

export function isOpsQuestion(event: unknown): event is OpsQuestion {
  return isObject(event) && typeof event["ops"] === "string";
}

/** Answers questions by invoke as routes would by HTTP. They let in whoever may invoke: that is for AWS to say. */
export function askRoutes(routes: readonly Route[]): (question: OpsQuestion) => Promise<OpsAnswer> {
  const api = appOf([...routes], () => {});
  return async ({ ops }) => {
    const answer = await api.request(`/ops/${ops}`);
    return { status: answer.status, body: await answer.json() };
  };
}
