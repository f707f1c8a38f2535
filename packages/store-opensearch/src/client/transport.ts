// The parts of the official client that carry requests, without the generated methods of its whole API on top: we name paths and
// bodies ourselves, and loading those methods would be most of a cold start. Its type files speak of a default export where the
// modules are the classes themselves; this is the only place that knows.
import type * as client from "@opensearch-project/opensearch";
import connection from "@opensearch-project/opensearch/lib/Connection.js";
import serializer from "@opensearch-project/opensearch/lib/Serializer.js";
import transport from "@opensearch-project/opensearch/lib/Transport.js";

export const Connection = connection as unknown as typeof client.Connection;
export const Serializer = serializer as unknown as typeof client.Serializer;
export const Transport = transport as unknown as typeof client.Transport;
export { ConnectionPool } from "@opensearch-project/opensearch/lib/pool/index.js";
export { ResponseError, TimeoutError } from "@opensearch-project/opensearch/lib/errors.js";
