import { Resource } from "sst/resource";

type Environment = Readonly<Record<string, string | undefined>>;

/** A setting that the stacks must give. @throws Error naming it, at the first start after a deploy that forgot it */
export function setting(name: string, env: Environment = process.env): string {
  const value = env[name];
  if (value === undefined || value === "")
    throw new Error(`${name} is not set. The stack of this function must set it.`);
  return value;
}

/** A setting that is a number above 0. @throws Error naming it and what it is */
export function numericSetting(name: string, env: Environment = process.env): number {
  const text = setting(name, env);
  const value = Number(text);
  if (!Number.isFinite(value) || value <= 0) throw new Error(`${name} is "${text}"; it must be a number above 0.`);
  return value;
}

/** A switch: `on` or `off`, nothing else, so that a typing error cannot switch a check off. */
export function switchSetting(name: string, env: Environment = process.env): boolean {
  const value = setting(name, env);
  if (value !== "on" && value !== "off") throw new Error(`${name} is "${value}"; it must be "on" or "off".`);
  return value === "on";
}

/** A secret linked to this function. It lies encrypted in the bundle; the error of a missing one says only its name. */
export function linkedSecret(name: string): string {
  const linked = (Resource as unknown as Readonly<Record<string, { readonly value?: unknown } | undefined>>)[name];
  if (typeof linked?.value !== "string" || linked.value === "")
    throw new Error(`The secret ${name} is not linked to this function.`);
  return linked.value;
}
