import type { OpsCommand } from "@millrace/client";
import { useQuery } from "@tanstack/react-query";
import { lazy, Suspense } from "react";
import { momentText } from "../../../format/date.ts";
import { t } from "../../../language/words.ts";
import { Asked } from "../../../panels/asked.tsx";
import { commandsOf, queueOf } from "../../../questions/operations.ts";
import { useReader } from "../../../shell/reader.tsx";
import { Section } from "../../../shell/section.tsx";
import { useOperator } from "../use-operator.ts";
import "./mend.css";

const CommandDialog = lazy(() => import("./command-dialog.tsx"));

/** The commands that put something right. Which one is open is in the address, so that whatever is wrong can lead to it. */
export function Commands() {
  const { search, update } = useReader();
  const { access } = useOperator();
  const told = useQuery(commandsOf(access));
  const open = (command: string | undefined) => update({ command });
  const opened = told.data?.commands.find(({ name }) => name === search.command);
  return (
    <Section
      title={t("Put it right")}
      about={t("Each says what it would do before it does it, is safe to repeat, and stands in the audit log.")}
    >
      <Paused onResume={() => open("resume")} />
      <Asked query={told} rows={4}>
        {({ commands }) => (
          <ul className="mend">
            {commands.map((command) => (
              <Entry key={command.name} command={command} onOpen={() => open(command.name)} />
            ))}
          </ul>
        )}
      </Asked>
      {told.data && opened && (
        <Suspense>
          <CommandDialog key={opened.name} command={opened} stage={told.data.stage} onClose={() => open(undefined)} />
        </Suspense>
      )}
    </Section>
  );
}

function Entry({ command, onOpen }: { readonly command: OpsCommand; readonly onOpen: () => void }) {
  return (
    <li>
      <button type="button" className={`button ${command.for_good ? "danger" : ""}`} onClick={onOpen}>
        {command.title}
      </button>
      <p>{command.does}</p>
    </li>
  );
}

/** What nobody may forget. */
function Paused({ onResume }: { readonly onResume: () => void }) {
  const { access, locale, zone } = useOperator();
  const { data } = useQuery(queueOf(access));
  if (!data?.pause) return null;
  const { at, by } = data.pause;
  return (
    <div className="mend-paused notice" role="status">
      <span className="fill">
        {t("Nothing is collected since {time} ({by}). What comes in waits in the queue.", {
          time: momentText(locale, zone, Date.parse(at)),
          by,
        })}
      </span>
      <button type="button" className="button small" onClick={onResume}>
        {t("Resume")}
      </button>
    </div>
  );
}
