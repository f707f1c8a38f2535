import { execFile } from "node:child_process";
import { dirname } from "node:path";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";

export interface ColdImport {
  /** Milliseconds from the first line of the process to the loaded handler. */
  readonly wallMs: number;
  /** Processor time of that, all threads: steadier where other work shares the machine. */
  readonly cpuMs: number;
}

/**
 * How long new processes take to load a bundle, each figure the median of `runs`. It is the part of a cold start that this code
 * decides; Lambda adds its own. Differs between machines, so it is shown and never asserted.
 * @param env all that the process finds: a setting that is missing in it stops the function, as it would on Lambda
 * @throws Error with the process's output when the bundle cannot be loaded or has no handler
 */
export async function coldImport(
  file: string,
  env: Readonly<Record<string, string>>,
  runs: number,
): Promise<ColdImport> {
  const script = `
    const started = performance.now();
    const before = process.cpuUsage();
    const { handler } = await import(${JSON.stringify(pathToFileURL(file).href)});
    if (typeof handler !== "function") throw new Error("no handler");
    const { user, system } = process.cpuUsage(before);
    console.log(JSON.stringify({ wallMs: performance.now() - started, cpuMs: (user + system) / 1000 }));
    process.exit(0);`;
  const imports: ColdImport[] = [];
  for (let run = 0; run < runs; run++) {
    // One after the other, or they would take each other's core; from the code's own folder, as on Lambda, where SST's secrets lie
    // beside it.
    const { stdout } = await promisify(execFile)(process.execPath, ["--input-type=module", "--eval", script], {
      cwd: dirname(file),
      env: { ...env },
    });
    imports.push(JSON.parse(stdout) as ColdImport);
  }
  return { wallMs: median(imports.map(({ wallMs }) => wallMs)), cpuMs: median(imports.map(({ cpuMs }) => cpuMs)) };
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}
