import type { UseQueryResult } from "@tanstack/react-query";
import { useState } from "react";

/** When what a query shows was answered, milliseconds: what it goes on showing while another question is on its way has its own time. */
export function useAnsweredAt({ isPlaceholderData, dataUpdatedAt }: UseQueryResult<unknown>): number {
  const [at, setAt] = useState(dataUpdatedAt);
  if (!isPlaceholderData && dataUpdatedAt !== at) setAt(dataUpdatedAt);
  return isPlaceholderData ? at : dataUpdatedAt;
}

/** Whether two answers belong to one question: both to that of now, or both to the one before, which stands until this is answered. */
export function isBeside(one: UseQueryResult<unknown>, other: UseQueryResult<unknown>): boolean {
  return one.isPlaceholderData === other.isPlaceholderData;
}
