import type { MemberOf, Session } from "../../api/session.ts";

/** What each part is about. */
export interface PartProps {
  readonly session: Session;
  readonly project: MemberOf;
}
