import { named, stage } from "./stage.ts";

/**
 * OpenSearch Dashboards (Kibana's successor) for people who want to look at raw documents. Off by default: it is one more way in.
 * Only an administrator adds users; what a signed-in user may do is to read.
 */
export const kibana = stage.kibana ? createKibana() : undefined;

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
  return { users, identities, service };
}
