import { stage } from "./stage.ts";

const { region } = await aws.getRegion();

// Functions in a network reach AWS's services by ways of its own, or not at all: a private subnet has no other.
if (stage.network?.routeTables && !$dev) {
  const { vpc, subnets, securityGroup, routeTables } = stage.network;
  for (const [name, service] of [
    ["RegistryWay", "dynamodb"],
    ["ArchiveWay", "s3"],
  ] as const)
    new aws.ec2.VpcEndpoint(name, {
      vpcId: vpc,
      serviceName: `com.amazonaws.${region}.${service}`,
      vpcEndpointType: "Gateway",
      routeTableIds: [...routeTables],
    });
  new aws.ec2.VpcEndpoint("QueueWay", {
    vpcId: vpc,
    serviceName: `com.amazonaws.${region}.sqs`,
    vpcEndpointType: "Interface",
    privateDnsEnabled: true,
    subnetIds: [...subnets],
    securityGroupIds: [securityGroup],
  });
}
