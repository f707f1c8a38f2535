import { Connection, ConnectionPool, Serializer, Transport } from "./transport.ts";

/** Where the cluster is, and how requests to it are made. */
export interface ConnectionOptions {
  /** Address. A user in it (`https://user:password@host`) means basic auth. */
  readonly node: string;
  /** Makes signed requests; both come from the client package's `aws-v3`. Default: requests as they are. */
  readonly Connection?: typeof Connection | undefined;
  readonly Transport?: typeof Transport | undefined;
}

/** A connection to the cluster. */
export interface OpenConnection {
  readonly transport: InstanceType<typeof Transport>;
  close(): Promise<void>;
}

/** The transport asks for a number; each request of ours brings its own. */
const REQUEST_TIMEOUT_MS = 30_000;

/**
 * Each request is answered once (retries and their back-off are the store's), and properties named `__proto__` or `constructor`
 * are properties.
 */
export function openConnection(options: ConnectionOptions): OpenConnection {
  const emit = (): boolean => false;
  const connectionPool = new ConnectionPool({
    emit,
    Connection: options.Connection ?? Connection,
    resurrectStrategy: "none",
    sniffEnabled: false,
    ...basicAuth(options.node),
  });
  connectionPool.addConnection(options.node);
  const transport = new (options.Transport ?? Transport)({
    emit,
    connectionPool,
    serializer: new Serializer({ disablePrototypePoisoningProtection: true, enableLongNumeralSupport: false }),
    maxRetries: 0,
    requestTimeout: REQUEST_TIMEOUT_MS,
    sniffEndpoint: "",
  });
  const close = (): Promise<void> =>
    new Promise((resolve) => {
      connectionPool.empty(resolve);
    });
  return { transport, close };
}

function basicAuth(node: string): { auth?: { username: string; password: string } } {
  const { username, password } = new URL(node);
  if (username === "") return {};
  return { auth: { username: decodeURIComponent(username), password: decodeURIComponent(password) } };
}
