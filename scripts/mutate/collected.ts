export type Hook = () => unknown;
export type Body = (...args: readonly unknown[]) => unknown;

export interface Suite {
  readonly name: string;
  readonly beforeAll: Hook[];
  readonly afterAll: Hook[];
  readonly beforeEach: Hook[];
  readonly afterEach: Hook[];
}

export interface CollectedTest {
  /** Unique. */
  readonly id: string;
  /** File, suites and name; two tests may have the same. */
  readonly names: string;
  /** Absolute. */
  readonly file: string;
  /** The suites it is in, outermost first: the file's own is one. */
  readonly suites: readonly Suite[];
  readonly body: Body;
}

/** What the test file that is being loaded declares; what the running test wants done at its end, and the file that it is in. */
export const collected: { tests: CollectedTest[]; finishing: Hook[]; running: string } = {
  tests: [],
  finishing: [],
  running: "",
};
