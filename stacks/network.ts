import { stage } from "./stage.ts";
import type { Network } from "./stages.ts";

const { region } = await aws.getRegion();

/**
 * Functions in a network reach AWS's services by ways of its own, or not at all: a private subnet has no other. What runs such a
 * function during a deploy waits for them.
 */
export const ways: readonly aws.ec2.VpcEndpoint[] = stage.network && !$dev ? createWays(stage.network) : [];

function createWays({ vpc, subnets, securityGroup, routeTables }: Network): aws.ec2.VpcEndpoint[] {
  if (routeTables === null) return [];
  const byRoute = (name: string, service: string) =>
    new aws.ec2.VpcEndpoint(name, {
      vpcId: vpc,
      serviceName: `com.amazonaws.${region}.${service}`,
      vpcEndpointType: "Gateway",
      routeTableIds: [...routeTables],
    });
  const byInterface = (name: string, service: string) =>
    new aws.ec2.VpcEndpoint(name, {
      vpcId: vpc,
      serviceName: `com.amazonaws.${region}.${service}`,
      vpcEndpointType: "Interface",
      privateDnsEnabled: true,
      subnetIds: [...subnets],
      securityGroupIds: [securityGroup],
    });
  return [
    byRoute("RegistryWay", "dynamodb"),
    byRoute("ArchiveWay", "s3"),
    byInterface("QueueWay", "sqs"),
    byInterface("MetricsWay", "monitoring"),
  ];
}
