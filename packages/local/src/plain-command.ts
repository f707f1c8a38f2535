/**
 * For a command without arguments: shows its usage for `--help` and ends; says what was not understood, with the usage below it,
 * and ends with exit code 2. A misspelt option that is ignored would do something else than was asked.
 * @param usage its first line is the command
 */
export function plainCommand(usage: string): void {
  const [first] = process.argv.slice(2);
  if (first === undefined) return;
  if (first === "--help" || first === "-h") {
    console.log(usage);
    process.exit(0);
  }
  console.error(`'${first}' means nothing here.\n\n${usage}`);
  process.exit(2);
}
