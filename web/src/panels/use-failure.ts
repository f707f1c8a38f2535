import type { UseQueryResult } from "@tanstack/react-query";
import { useState } from "react";

/**
 * Why a part has nothing to show; stands until there is something. While it is asked again the query itself forgets its failure: the
 * part would flicker between a skeleton and the error, and "Try again" would slip away under the pointer.
 */
export function useFailure(query: UseQueryResult<unknown>): Error | undefined {
  const [failure, setFailure] = useState<Error>();
  if (query.error && query.error !== failure) setFailure(query.error);
  if (query.isSuccess && failure) setFailure(undefined);
  return query.data === undefined ? failure : undefined;
}
