import { describeExecutionsContract } from "@millrace/core/contract";
import { createDuckDbExecutions } from "./executions.ts";

describeExecutionsContract({ name: "DuckDB", create: () => createDuckDbExecutions({ path: ":memory:" }) });
