// Secrets reach a function inside its encrypted bundle, never in its environment, which every reader of the console sees.

/** Incoming webhook of the Slack channel for alarms. The placeholder means "not set up": alarms then only reach the log. */
export const slackWebhook = new sst.Secret("SlackWebhook", "off");

/** Where mail is handed in, instead of SES: `smtps://user:password@host:465`. The placeholder means SES. */
export const smtpUrl = new sst.Secret("SmtpUrl", "off");

/** Of this installation at the provider that says who people are (`openId` in stages.ts). The placeholder means that there is none. */
export const openIdSecret = new sst.Secret("OpenIdSecret", "off");

/** Headers for the receiver of traces (`otlp` in stages.ts), such as `api-key=…`. The placeholder means that it wants none. */
export const otlpHeaders = new sst.Secret("OtlpHeaders", "off");

const password = new random.RandomPassword("OriginPassword", { length: 40, special: false });

/**
 * What CloudFront adds to a request and the functions ask for. Without it anyone who finds the gateway's own address could forge
 * the viewer's address and country, and go around the firewall.
 */
export const originSecret = new sst.Linkable("OriginSecret", { properties: { value: password.result } });
