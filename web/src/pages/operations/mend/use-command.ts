import type { OpsCommand, OpsOutcome } from "@millrace/client";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import { runCommand, type CommandGiven } from "../../../questions/operations.ts";
import { useOperator } from "../use-operator.ts";

/** Between two looks of a command that waits. */
const LOOK_MS = 1_000;

/** A command, first looked at and then done, request by request until it is at its end; closing the dialog asks no further. */
export function useCommand({ name, waits }: OpsCommand) {
  const { access } = useOperator();
  const queries = useQueryClient();
  const [progress, setProgress] = useState<OpsOutcome>();
  const closed = useRef<AbortController>(undefined);
  useEffect(() => {
    const controller = new AbortController();
    closed.current = controller;
    return () => controller.abort();
  }, []);

  const run = async (given: CommandGiven, isMeant: boolean): Promise<OpsOutcome> => {
    setProgress(undefined);
    const { signal = new AbortController().signal } = closed.current ?? {};
    let sum: OpsOutcome | undefined;
    for (let after: string | undefined; ;) {
      const more = await runCommand(access, name, { given: { ...given, after }, isMeant, signal });
      sum = sum && !waits ? added(sum, more) : more;
      setProgress(sum);
      if (more.after === null) return sum;
      after = more.after;
      if (waits) await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
      signal.throwIfAborted();
    }
  };
  const look = useMutation({ mutationFn: (given: CommandGiven) => run(given, false) });
  const deed = useMutation({
    mutationFn: (given: CommandGiven) => run(given, true),
    // Whatever became of it, what the page shows may have changed.
    onSettled: () => queries.invalidateQueries(),
  });
  const reset = () => {
    look.reset();
    deed.reset();
    setProgress(undefined);
  };
  return { look, deed, progress, reset };
}

function added(sum: OpsOutcome, more: OpsOutcome): OpsOutcome {
  const valueOf = (label: string) => sum.numbers.find((each) => each.label === label)?.value ?? 0;
  return { ...more, numbers: more.numbers.map(({ label, value }) => ({ label, value: value + valueOf(label) })) };
}
