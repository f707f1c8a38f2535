import { useQuery } from "@tanstack/react-query";
import { commandsOf } from "../../../questions/operations.ts";
import { Link } from "../../../shell/link.tsx";
import { DEFAULT_SEARCH } from "../../../state/search.ts";
import { useOperator } from "../use-operator.ts";

/** Leads from what is wrong to the command that mends it. */
export function MendLink({ name }: { readonly name: string }) {
  const { access } = useOperator();
  const command = useQuery(commandsOf(access)).data?.commands.find((each) => each.name === name);
  if (!command) return null;
  return (
    <Link to="/operations" search={{ ...DEFAULT_SEARCH, command: name }}>
      {command.title}
    </Link>
  );
}
