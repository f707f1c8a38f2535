import { Resource } from "sst/resource";
import type { LambdaVariable, SECRETS, SettingName, TestSetting } from "./settings.ts";

/** What a function may ask its environment for: nothing that the table of settings does not name. */
type Name = SettingName | TestSetting | LambdaVariable;
type Environment = Readonly<Record<string, string | undefined>>;

/** A setting that the stacks must give. @throws Error naming it, at the first start after a deploy that forgot it */
export function setting(name: Name, env: Environment = process.env): string {
  const value = optionalSetting(name, env);
  if (value === undefined) throw new Error(`${name} is not set. The stack of this function must set it.`);
  return value;
}

/** A setting that some stages give. Empty is none, as where a variable was cleared by hand. */
export function optionalSetting(name: Name, env: Environment = process.env): string | undefined {
  const value = env[name];
  return value === "" ? undefined : value;
}

/** A setting that is a number above 0. @throws Error naming it and what it is */
export function numericSetting(name: Name, env: Environment = process.env): number {
  const text = setting(name, env);
  const value = Number(text);
  if (!Number.isFinite(value) || value <= 0) throw new Error(`${name} is "${text}"; it must be a number above 0.`);
  return value;
}

/** A switch: `on` or `off`, nothing else, so that a typing error cannot switch a check off. */
export function switchSetting(name: Name, env: Environment = process.env): boolean {
  const value = setting(name, env);
  if (value !== "on" && value !== "off") throw new Error(`${name} is "${value}"; it must be "on" or "off".`);
  return value === "on";
}

/** What the stage is that costs something, as `/ops/cost` takes it, and what a month of it may cost, US dollars. */
export function costSettings() {
  const budget = optionalSetting("BUDGET_USD");
  return { ownShape: optionalSetting("STAGE_SHAPE"), budgetUsd: budget === undefined ? undefined : Number(budget) };
}

/** Application and stage, `millrace/production`: who a message is from. */
export function stageName(): string {
  return `${Resource.App.name}/${Resource.App.stage}`;
}

/** A secret linked to this function. It lies encrypted in the bundle; the error of a missing one says only its name. */
export function linkedSecret(name: keyof typeof SECRETS): string {
  const linked = (Resource as unknown as Readonly<Record<string, { readonly value?: unknown } | undefined>>)[name];
  if (typeof linked?.value !== "string" || linked.value === "")
    throw new Error(`The secret ${name} is not linked to this function.`);
  return linked.value;
}
