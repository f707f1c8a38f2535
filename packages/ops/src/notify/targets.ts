import { hash } from "node:crypto";

/** Where a message of a project goes. The address of a webhook is a secret: whoever has it may write there. */
export type Target =
  | { readonly kind: "slack"; readonly webhook: string }
  | { readonly kind: "json"; readonly webhook: string }
  | { readonly kind: "mail"; readonly address: string };

/** Names a target where its secret must not stand. */
export function keyOfTarget(target: Target): string {
  return hash("sha256", JSON.stringify([target.kind, whereOf(target)])).slice(0, 16);
}

function whereOf(target: Target): string {
  return target.kind === "mail" ? target.address : target.webhook;
}

/** A target for people who may see that there is one: of a webhook its host, no more. */
export function showTarget(target: Target): string {
  if (target.kind === "mail") return target.address;
  return `${new URL(target.webhook).origin}/…`;
}
