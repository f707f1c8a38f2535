import {
  identityTime,
  isEventId,
  isObject,
  LIMITS,
  MillraceError,
  readIso,
  type Json,
  type JsonObject,
  type KeenAddon,
} from "@millrace/core";
import { readAddons } from "./addons.ts";

/** What an event says in Keen's reserved root object `keen`. */
export interface KeenNamespace {
  /** Milliseconds UTC. */
  readonly timestamp?: number;
  /** What the sender says the event's id is. */
  readonly id?: string;
  readonly uniquenessToken?: string;
  readonly addons?: KeenAddon[];
  /** What stays in the stored event: location and uniqueness token. */
  readonly kept?: JsonObject;
}

export interface NamespaceRules {
  /** Milliseconds UTC. */
  readonly receivedAt: number;
  /** True for the master key: an import brings the ids of its events. */
  readonly mayImport: boolean;
}

const NOTHING: KeenNamespace = {};

/**
 * Reads the `keen` object of an event. `id` and `created_at` are the server's: without the master key they are ignored, since
 * some clients send back what they read. An id that any sender may give has a name that no answer has: `event_id`.
 * @throws MillraceError `InvalidKeenNamespaceProperty` for what does not belong there, `InvalidPropertyValueError` for a bad value
 */
export function readKeenNamespace(keen: Json | undefined, rules: NamespaceRules): KeenNamespace {
  if (keen === undefined) return NOTHING;
  if (!isObject(keen)) {
    throw new MillraceError("InvalidKeenNamespaceProperty", '"keen" is reserved and must be an object.');
  }
  const read: { -readonly [K in keyof KeenNamespace]: KeenNamespace[K] } = {};
  const kept: JsonObject = {};
  const own: { id?: string; event_id?: string } = {};
  for (const name of Object.keys(keen)) {
    const value = keen[name] as Json;
    switch (name) {
      case "timestamp":
        read.timestamp = readTimestamp(value, rules.receivedAt);
        break;
      case "id":
        if (rules.mayImport) own.id = readId(name, value, rules.receivedAt);
        break;
      case "event_id":
        own.event_id = readId(name, value, rules.receivedAt);
        break;
      case "created_at":
        break;
      case "location":
        kept["location"] = readLocation(value);
        break;
      case "addons":
        read.addons = readAddons(value);
        break;
      case "uniqueness_token":
        kept["uniqueness_token"] = read.uniquenessToken = readToken(value);
        break;
      default:
        throw new MillraceError(
          "InvalidKeenNamespaceProperty",
          `"keen.${name.slice(0, 60)}" is not a property of Keen's.`,
        );
    }
  }
  const id = own.event_id ?? own.id;
  if (id !== undefined) read.id = id;
  if (Object.keys(kept).length > 0) read.kept = kept;
  return read;
}

/** Any past is accepted (backfill); more than a day ahead of our clock is a broken clock. */
function readTimestamp(value: Json, receivedAt: number): number {
  const time = typeof value === "string" ? readIso(value) : undefined;
  if (!time) throw valueError("timestamp", "is not an ISO 8601 time");
  if (time.ms > receivedAt + LIMITS.futureMs) throw valueError("timestamp", "is more than a day in the future");
  return time.ms;
}

/** The store has a place for the times that may be: were it made later, the same id would be stored there once more. */
function readId(name: string, value: Json, receivedAt: number): string {
  if (typeof value !== "string" || !isEventId(value)) {
    throw valueError(name, "is not an event id: 12 hex digits of milliseconds, then 8 to 116 of A-Z a-z 0-9 . _ -");
  }
  if (identityTime(value) <= receivedAt + LIMITS.futureMs) return value;
  throw valueError(name, "begins with a time that is more than a day in the future (12 hex digits of milliseconds)");
}

function readToken(value: Json): string {
  if (typeof value === "string" && value !== "" && value.length <= LIMITS.uniquenessTokenChars) {
    return value.toWellFormed();
  }
  throw valueError("uniqueness_token", `must be a text of 1 to ${LIMITS.uniquenessTokenChars} characters`);
}

function readLocation(value: Json): JsonObject {
  const coordinates = isObject(value) ? value["coordinates"] : undefined;
  if (!isObject(value) || Object.keys(value).some((name) => name !== "coordinates") || !Array.isArray(coordinates)) {
    throw valueError("location", "must be an object with coordinates only");
  }
  const [longitude, latitude] = coordinates;
  const valid = coordinates.length === 2 && isWithin(longitude, 180) && isWithin(latitude, 90);
  if (!valid) throw valueError("location.coordinates", "must be [longitude, latitude] in degrees");
  return { coordinates: coordinates.map((degrees) => (degrees === 0 ? 0 : degrees)) };
}

function isWithin(value: Json | undefined, limit: number): boolean {
  return typeof value === "number" && Math.abs(value) <= limit;
}

function valueError(name: string, problem: string): MillraceError {
  return new MillraceError("InvalidPropertyValueError", `keen.${name} ${problem}.`);
}
