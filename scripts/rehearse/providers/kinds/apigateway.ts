import type { Fields } from "../grpc.ts";
import type { Kinds } from "../kind.ts";
import { at, pascal, scalar, text } from "../values.ts";

/** Of an HTTP API. A CORS block that is there and empty is sent as an empty object, as the provider does; AWS then answers OPTIONS itself. */
const api = (inputs: Fields) => ({
  Name: inputs["name"],
  ...(inputs["corsConfiguration"] !== undefined && { CorsConfiguration: pascal(inputs["corsConfiguration"]) }),
});

const stage = (inputs: Fields) => ({
  ApiId: inputs["apiId"],
  StageName: inputs["name"],
  AutoDeploy: inputs["autoDeploy"],
  AccessLogSettings: pascal(inputs["accessLogSettings"]),
  DefaultRouteSettings: pascal(inputs["defaultRouteSettings"]),
});

const integration = (inputs: Fields) => ({
  ApiId: inputs["apiId"],
  IntegrationType: inputs["integrationType"],
  IntegrationUri: inputs["integrationUri"],
  PayloadFormatVersion: inputs["payloadFormatVersion"],
});

const route = (inputs: Fields) => ({
  ApiId: inputs["apiId"],
  RouteKey: inputs["routeKey"],
  Target: inputs["target"],
  AuthorizationType: inputs["authorizationType"],
  AuthorizationScopes: inputs["authorizationScopes"],
  AuthorizerId: inputs["authorizerId"],
});

const permission = (inputs: Fields) => ({
  FunctionName: text(inputs, "function"),
  Action: inputs["action"],
  Principal: inputs["principal"],
  SourceArn: inputs["sourceArn"],
  SourceAccount: inputs["sourceAccount"],
});

export const apigateway: Kinds = {
  "aws:apigatewayv2/api:Api": {
    named: "name",
    replacedBy: ["protocolType"],
    create: async (inputs, { aws, tags, region, account }) => {
      const made = await aws("apigatewayv2", "CreateApi", {
        ...api(inputs),
        ProtocolType: inputs["protocolType"],
        Tags: tags,
      });
      const id = text(made, "ApiId");
      return {
        id,
        outputs: {
          apiEndpoint: text(made, "ApiEndpoint"),
          executionArn: `arn:aws:execute-api:${region}:${account}:${id}`,
          arn: `arn:aws:apigateway:${region}::/apis/${id}`,
        },
      };
    },
    update: async (id, inputs, { aws }, before) => {
      void inputs["protocolType"];
      if (before["corsConfiguration"] !== undefined && inputs["corsConfiguration"] === undefined)
        await aws("apigatewayv2", "DeleteCorsConfiguration", { ApiId: id });
      await aws("apigatewayv2", "UpdateApi", { ApiId: id, ...api(inputs) });
    },
    remove: (id, _inputs, { aws }) => aws("apigatewayv2", "DeleteApi", { ApiId: id }),
  },
  "aws:apigatewayv2/stage:Stage": {
    named: "name",
    replacedBy: ["apiId", "name"],
    create: async (inputs, { aws, tags }) => {
      await aws("apigatewayv2", "CreateStage", { ...stage(inputs), Tags: tags });
      return { id: text(inputs, "name") };
    },
    update: async (_id, inputs, { aws }) => void (await aws("apigatewayv2", "UpdateStage", stage(inputs))),
    remove: (id, inputs, { aws }) => aws("apigatewayv2", "DeleteStage", { ApiId: inputs["apiId"], StageName: id }),
  },
  "aws:apigatewayv2/integration:Integration": {
    replacedBy: ["apiId", "integrationType"],
    create: async (inputs, { aws }) => ({
      id: text(await aws("apigatewayv2", "CreateIntegration", integration(inputs)), "IntegrationId"),
    }),
    update: async (id, inputs, { aws }) =>
      void (await aws("apigatewayv2", "UpdateIntegration", { ...integration(inputs), IntegrationId: id })),
    remove: (id, inputs, { aws }) =>
      aws("apigatewayv2", "DeleteIntegration", { ApiId: inputs["apiId"], IntegrationId: id }),
  },
  "aws:apigatewayv2/route:Route": {
    replacedBy: ["apiId"],
    create: async (inputs, { aws }) => ({
      id: text(await aws("apigatewayv2", "CreateRoute", route(inputs)), "RouteId"),
    }),
    update: async (id, inputs, { aws }) =>
      void (await aws("apigatewayv2", "UpdateRoute", { ...route(inputs), RouteId: id })),
    remove: (id, inputs, { aws }) => aws("apigatewayv2", "DeleteRoute", { ApiId: inputs["apiId"], RouteId: id }),
  },
  "aws:lambda/permission:Permission": {
    replacedBy: "all",
    create: async (inputs, { aws }) => {
      const id = at(inputs, "statementId") ?? `rehearsal-${crypto.randomUUID()}`;
      await aws("lambda", "AddPermission", { ...permission(inputs), StatementId: id });
      return { id: scalar(id) };
    },
    remove: (id, inputs, { aws }) =>
      aws("lambda", "RemovePermission", { FunctionName: inputs["function"], StatementId: id }),
  },
};
