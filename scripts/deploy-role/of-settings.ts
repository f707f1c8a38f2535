import { passing, statementsFor, type Policy, type RecordedCall, type Statement } from "./policy.ts";

const of = (service: string, ...actions: readonly string[]): RecordedCall[] =>
  actions.map((action) => ({ actor: "provider", service, action }));

/**
 * What settings of stacks/stages.ts need on top of the deploy role, which no rehearsed stage has on. From the provider's source: the
 * operations behind the resources that the setting makes. None of it was tried.
 */
const CALLS = {
  network: of("ec2", "CreateVpcEndpoint", "ModifyVpcEndpoint", "DeleteVpcEndpoints", "CreateTags", "DescribeVpcs"),
  proxies: of("wafv2", "CreateIPSet", "UpdateIPSet", "DeleteIPSet", "TagResource"),
  customDomain: [
    ...of("route53", "ChangeResourceRecordSets", "GetChange"),
    ...of("acm", "RequestCertificate", "DeleteCertificate", "AddTagsToCertificate"),
  ],
  kibana: [
    ...of("cognito-idp", "CreateUserPool", "UpdateUserPool", "DeleteUserPool", "SetUserPoolMfaConfig", "TagResource"),
    ...of("cognito-idp", "CreateUserPoolDomain", "DeleteUserPoolDomain"),
    ...of("cognito-identity", "CreateIdentityPool", "UpdateIdentityPool", "DeleteIdentityPool", "TagResource"),
    ...of("cognito-identity", "SetIdentityPoolRoles"),
    ...of("iam", "AttachRolePolicy", "DetachRolePolicy"),
  ],
} as const satisfies Readonly<Record<string, readonly RecordedCall[]>>;

export type NeedySetting = keyof typeof CALLS;

export const NEEDY_SETTINGS = Object.keys(CALLS) as NeedySetting[];

/** The further policy of the deploy role for settings that are on. */
export function policyOfSettings(settings: readonly NeedySetting[], account: string): Policy {
  const calls = settings.flatMap((name): readonly RecordedCall[] => CALLS[name]);
  // The domain and the pool of identities are given roles of their own.
  const roles: Statement[] = settings.includes("kibana")
    ? [passing("HandRolesToKibana", account, ["es.amazonaws.com", "cognito-identity.amazonaws.com"])]
    : [];
  return { Version: "2012-10-17", Statement: [...statementsFor(calls, account), ...roles] };
}
