import { optionalSetting, setting } from "./config.ts";

/** What signs a request in this function's name. */
export interface RoleCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  /** Of every role; only a user's own keys have none. */
  readonly sessionToken?: string;
}

/** Lambda puts the role's credentials into the environment; they outlive the process they are given to. */
export function roleCredentials(): RoleCredentials {
  const sessionToken = optionalSetting("AWS_SESSION_TOKEN");
  return {
    accessKeyId: setting("AWS_ACCESS_KEY_ID"),
    secretAccessKey: setting("AWS_SECRET_ACCESS_KEY"),
    ...(sessionToken !== undefined && { sessionToken }),
  };
}
