import { FORMAT_NAMES } from "./access-log/detect.ts";
import { PRESETS } from "./json/presets.ts";

/** The command was called in a way that means nothing; the usage is shown beside the message. */
export class UsageError extends Error {}

export const USAGE = `Imports past events from files, through the same HTTP API and queue as live ones.

  npm run import -- log FILE… [--format FORMAT] [--host example.com]
      Access logs of web servers, balancers and CDNs. The format is found out and named; --format says it:
      ${FORMAT_NAMES.join(", ")},
      or a format string as the server's configuration has it (Apache's LogFormat, nginx's log_format, GoAccess).
      Page requests (GET, 2xx or 304, not an asset) become "pageviews", everything else "requests"; visits are computed
      over all files together. --host is the site, where the lines do not name it.
  npm run import -- ndjson FILE… --collection edits --timestamp time
      One JSON object per line. --timestamp names the property with the time: ISO 8601, or a count since 1970 whose unit is
      told by its size. --collection-from names the property whose value is the collection.
  npm run import -- ndjson FILE… --preset ${Object.keys(PRESETS).join("|")}
      Exports of other products: names, times and ids as theirs.
      --timezone Europe/Berlin is where times are from that name no zone. Default: UTC.
  npm run import -- ndjson FILE… --map time=at,collection=kind,id=uuid,user=who,url=page
      Any other: NAME=PROPERTY pairs. Names: time, collection, id, user, ip, user_agent, url, referrer, title, properties.
  npm run import -- keen FILE… --collection purchases
      Extractions of Keen's: JSON as it was answered, a list of rows, or CSV. Events keep their ids and times.

FILE may be packed (gzip, Zstandard), a folder (its files), or - for standard input.
  --dry-run     reads everything, shows the first events as they would be sent, and sends nothing

Where to (default: the "npm start" on this machine, from demo.json in .millrace or MILLRACE_DATA):
  --url URL --project ID --master-key KEY    ids and context are taken from the file
  --url URL --project ID --write-key KEY     without context; repeats are recognised for 31 days

Interrupt it at any time and run it again: it goes on where it was. Importing a file twice, grown, renamed or packed in the
meantime, stores nothing twice; equal lines of different servers' files are different events.
Exit code: 0 everything imported, 1 failed or interrupted, 2 wrong usage, 3 finished, but some lines were bad.
`;
