// Loaded into a function's process before anything else. Every connection it opens ends at the rehearsal's gateway, whatever host
// and port it is for; the name stays, so that certificates are checked and signatures are made for AWS's own hosts. The Runtime API
// is the only exception. And the clock may be ahead, to see what a month does.
import net from "node:net";

const runtime = Number(process.env["AWS_LAMBDA_RUNTIME_API"]?.split(":")[1]);
const gateway = Number(process.env["REHEARSAL_GATEWAY_PORT"]);
const ahead = Number(process.env["REHEARSAL_CLOCK_AHEAD_MS"] ?? 0);
for (const name of ["REHEARSAL_GATEWAY_PORT", "REHEARSAL_CLOCK_AHEAD_MS"]) delete process.env[name];

// oxlint-disable-next-line typescript/unbound-method -- called with its socket below
const connect = net.Socket.prototype.connect;
/** Node marks arguments that it has put in order already. */
const [inOrder] = Object.getOwnPropertySymbols(net._normalizeArgs([]));

net.Socket.prototype.connect = function (...args) {
  const [options, callback] = Array.isArray(args[0]) ? args[0] : net._normalizeArgs(args);
  if (Number(options.port) === runtime) return connect.apply(this, args);
  const there = [{ ...options, host: "127.0.0.1", port: gateway }, callback];
  there[inOrder] = true;
  return connect.call(this, there);
};

if (ahead !== 0) {
  const RealDate = Date;
  globalThis.Date = class extends RealDate {
    constructor(...args) {
      if (args.length === 0) super(RealDate.now() + ahead);
      else super(...args);
    }
    static now() {
      return RealDate.now() + ahead;
    }
  };
}
