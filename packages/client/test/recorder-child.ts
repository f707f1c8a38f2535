// A program that records on a server, for recorder.test.ts: `URL PROJECT KEY COUNT [own-handler|done|silent]`.
import { createRecorder } from "@millrace/client/server";

const [url = "", projectId = "", writeKey = "", count = "0", manner] = process.argv.slice(2);
const recorder = createRecorder<{ orders: { n: number } }>({
  url,
  projectId,
  writeKey,
  // Longer than anybody waits: what arrives was sent because the process ends.
  waitMs: 3_600_000,
  ...(manner === "silent" && { exitMs: 300, onRetry: () => {} }),
});
for (let n = 0; n < Number(count); n++) recorder.record("orders", { n });

if (manner === "own-handler") {
  process.on("SIGTERM", () => {
    recorder.record("orders", { n: -1 });
    void recorder.close().then(() => process.exit(7));
  });
}
if (manner !== "done" && manner !== "silent") setInterval(() => {}, 1_000);
console.log("recorded");
