/**
 * What became of a message, told apart by what helps: `refused` will be refused again (a deleted webhook, a message it does not take, a mailbox
 * that is none), `unavailable` may work later: after `retryAfterMs`, where the receiver said so.
 */
export type Delivered =
  | { readonly kind: "sent" }
  | { readonly kind: "refused"; readonly reason: string }
  | { readonly kind: "unavailable"; readonly reason: string; readonly retryAfterMs: number | undefined };
