/**
 * Who did it, as the audit log keeps it: enough to find them and to revoke what they used, and nothing that opens a door.
 */
export interface Principal {
  /**
   * `person`: signed in. `key`: a key of a project, access keys included. `organisation`: a key for all projects. `embed`: a token that a customer's
   * page carries. `mail`: who got a mail of ours and followed its link. `command`: whoever may run commands where the data lies, on AWS an identity of the account.
   */
  readonly kind: "person" | "key" | "organisation" | "embed" | "mail" | "command";
  /** Of a person the id, of a key its hash. */
  readonly id: string;
  /** For people: an e-mail address, the name or kind of a key. */
  readonly name: string;
}

/** Somebody at the terminal. */
export const COMMAND: Principal = { kind: "command", id: "command", name: "command line" };
