import { Link } from "../shell/link.tsx";
import { usePage } from "../state/page.tsx";
import { parseSearch, type Search } from "../state/search.ts";
import type { SavedQuestion } from "./saved.ts";

interface Props {
  readonly question: Pick<SavedQuestion, "title" | "page" | "address">;
  readonly onClick?: () => void;
}

/** Opens a question on its page, in this project and as the reader's page looks. The fragment stays: it may hold the key. */
export function QuestionLink({ question: { title, page, address }, onClick }: Props) {
  const { search } = usePage();
  const there: Search = { ...parseSearch(address), project: search.project, theme: search.theme };
  return (
    <Link to={`/${page}`} search={there} hash onClick={onClick}>
      {title}
    </Link>
  );
}
