/** What is kept of an embed secret: enough to read and to check what it signed, not enough to sign. */
export interface EmbedKey {
  /** Eight hex digits, the second part of a token's `kid`. */
  readonly id: string;
  /** Milliseconds UTC. */
  readonly createdAt: number;
  /** The point of the public key on P-256, base64url. */
  readonly x: string;
  readonly y: string;
  /** The key that tokens are sealed with, base64url. */
  readonly seal: string;
  /** Of one token of our own making: nobody has what signs with it, and it is not listed. */
  readonly once?: true;
}
