/**
 * What is written for React runs on Preact, which has the same API in a twelfth of the bytes: see docs/decisions/0024-preact.md. The order
 * matters, the first that fits is taken.
 */
export const PREACT = [
  { find: "react-dom/client", replacement: "preact/compat/client" },
  { find: "react-dom", replacement: "preact/compat" },
  { find: /^react\/jsx(-dev)?-runtime$/, replacement: "preact/jsx$1-runtime" },
  { find: "react", replacement: "preact/compat" },
  // It brings to old versions of React what this one has.
  { find: /^use-sync-external-store\/shim(\/index\.js)?$/, replacement: "preact/compat" },
];
