import { useReader } from "../../shell/reader.tsx";
import { usePage } from "../../state/page.tsx";
import { Catalogue } from "./catalogue.tsx";
import { Erase } from "./erase.tsx";
import { Quality } from "./quality.tsx";
import "./data.css";

/** What the project holds: its collections and their properties, what was not taken and why, and how somebody is erased. */
export function Data() {
  const { access } = usePage();
  const { session } = useReader();
  const role = session?.projects.find(({ id }) => id === access.id)?.role;
  return (
    <>
      <Catalogue />
      <Quality mayMend={role === "owner" || role === "operator"} />
      {role === "owner" && <Erase />}
    </>
  );
}
