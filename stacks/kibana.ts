import { named, shortlyNamed, stage } from "./stage.ts";

const { accountId } = await aws.getCallerIdentity();

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
  // Of all accounts of a region no two may have the same; 63 characters.
  const signIn = new aws.cognito.UserPoolDomain("KibanaSignIn", {
    domain: shortlyNamed(`kibana-${accountId}`, 63),
    userPoolId: users.id,
  });
  const identities = new aws.cognito.IdentityPool(
    "KibanaIdentities",
    { identityPoolName: named("kibana"), allowUnauthenticatedIdentities: false },
    // The service adds its client there by itself; a later deploy must not take it away.
    { ignoreChanges: ["cognitoIdentityProviders"] },
  );
  const service = new aws.iam.Role("KibanaService", {
    name: named("kibana-service"),
    // The service's name of today, and that under which it began.
    assumeRolePolicy: aws.iam.assumeRolePolicyForPrincipal({
      Service: ["opensearchservice.amazonaws.com", "es.amazonaws.com"],
    }),
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
  return { users, signIn, identities, service, operator };
}
