import { named, stage } from "./stage.ts";

/**
 * OpenSearch Dashboards (Kibana's successor) for operators who want to look at raw documents. Off by default: it is one more way
 * in, and a wide one. The domain has no users of its own, so there are no roles to map: whoever signs in may do there whatever
 * Dashboards can, over all projects, deleting included. Only an administrator adds users, each with a second factor.
 */
export const kibana = stage.kibana && !$dev ? createKibana() : undefined;

/** The domain's side of it. */
export const cognito = kibana && {
  enabled: true,
  userPoolId: kibana.users.id,
  identityPoolId: kibana.identities.id,
  roleArn: kibana.service.arn,
};

function createKibana() {
  const users = new aws.cognito.UserPool("KibanaUsers", {
    name: named("kibana"),
    adminCreateUserConfig: { allowAdminCreateUserOnly: true },
    passwordPolicy: { minimumLength: 14 },
    mfaConfiguration: "ON",
    softwareTokenMfaConfiguration: { enabled: true },
  });
  new aws.cognito.UserPoolDomain("KibanaSignIn", { domain: named("kibana").toLowerCase(), userPoolId: users.id });
  const identities = new aws.cognito.IdentityPool("KibanaIdentities", {
    identityPoolName: named("kibana"),
    allowUnauthenticatedIdentities: false,
  });
  const service = new aws.iam.Role("KibanaService", {
    name: named("kibana-service"),
    assumeRolePolicy: aws.iam.assumeRolePolicyForPrincipal({ Service: "es.amazonaws.com" }),
    managedPolicyArns: ["arn:aws:iam::aws:policy/AmazonOpenSearchServiceCognitoAccess"],
  });
  const operator = new aws.iam.Role("KibanaOperator", {
    name: named("kibana-operator"),
    assumeRolePolicy: identities.id.apply((aud) =>
      JSON.stringify({
        Version: "2012-10-17",
        Statement: {
          Effect: "Allow",
          Principal: { Federated: "cognito-identity.amazonaws.com" },
          Action: "sts:AssumeRoleWithWebIdentity",
          // Of this very pool, and signed in.
          Condition: {
            StringEquals: { "cognito-identity.amazonaws.com:aud": aud },
            "ForAnyValue:StringLike": { "cognito-identity.amazonaws.com:amr": "authenticated" },
          },
        },
      }),
    ),
  });
  new aws.cognito.IdentityPoolRoleAttachment("KibanaSignedIn", {
    identityPoolId: identities.id,
    roles: { authenticated: operator.arn },
  });
  return { users, identities, service, operator };
}
