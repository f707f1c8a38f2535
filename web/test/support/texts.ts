import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parseSync } from "oxc-parser";

/** A message that the code says, and where. */
interface Message {
  /** Its name in a catalogue. */
  readonly english: string;
  readonly isPlural: boolean;
  readonly place: string;
}

interface Texts {
  readonly messages: readonly Message[];
  /** What readers would see and no catalogue knows, each with its place. */
  readonly raw: readonly string[];
}

interface Node {
  readonly type: string;
  readonly start: number;
  readonly [member: string]: unknown;
}

const SRC = join(import.meta.dirname, "../../src");

/** The same in every language: names, addresses, code. */
const SAME = /^(Millrace|curl|macOS|iOS)$|^[^ ]*[./=][^ ]+$/;
const WORD = /\p{L}\p{Ll}/u;
/** What looks like a text for readers, wherever it stands. */
const SENTENCE = /^\p{Lu}\p{Ll}+ \p{Ll}|^\p{Lu}\p{Ll}*.*[.?!…]$/u;
/** Members and attributes that are read, whatever they look like. */
const MEMBERS = /^(label|title|words|help|means)$/;
const ATTRIBUTES =
  /^(label|title|words|help|about|none|action|legend|hint|alt|placeholder|aria-label|aria-description)$/;
/** What is no text for readers: errors of ours, names of browsers and scripts, code to be copied. */
const OTHERS =
  /\.test\.|\.d\.ts$|format\/(agent|hosts)\.ts$|asking\/as-code\.ts$|settings\/embeds\/code\.ts$|language\/languages\.ts$/;

/** Every message of the dashboard's code, and every text that is none. */
export function textsOfTheCode(): Texts {
  const files = globSync("**/*.{ts,tsx}", { cwd: SRC }).filter((file) => !OTHERS.test(file));
  const texts = files.map((file) => textsIn(file, readFileSync(join(SRC, file), "utf8")));
  return { messages: texts.flatMap(({ messages }) => messages), raw: texts.flatMap(({ raw }) => raw) };
}

/** The same of one file. */
export function textsIn(file: string, code: string): Texts {
  const messages: Message[] = [];
  const raw: string[] = [];
  const lineOf = (at: number) => code.slice(0, at).split("\n").length;
  // What stands between elements begins behind the line break.
  const placeOf = ({ start }: Node) => `${file}:${lineOf(start + code.slice(start).search(/\S/))}`;
  const found = (node: Node, text: string) => raw.push(`${placeOf(node)} ${text.trim().replaceAll(/\s+/g, " ")}`);

  const visit = (node: unknown, isRead: boolean): void => {
    if (Array.isArray(node)) {
      for (const each of node) visit(each, isRead);
      return;
    }
    if (!isNode(node) || isOfTypes(node)) return;
    const text = textOf(node);
    if (text !== undefined) {
      if (!SAME.test(text.trim()) && (isRead || node.type === "JSXText" ? WORD : SENTENCE).test(text))
        found(node, text);
      if (node.type !== "TemplateLiteral") return;
    }
    switch (node.type) {
      case "CallExpression": {
        const callee = (node["callee"] as Node)["name"];
        if (callee === "t" || callee === "rich" || callee === "plural") said(node, callee === "plural");
        // What a call is given is its own business, but for the values of a message.
        visit(node["callee"], false);
        return visit(argumentsOf(node, callee), false);
      }
      case "NewExpression":
        // An error of ours says what it says to us, unless that is a message.
        return visit((node["arguments"] as Node[]).filter(isOurError(node) ? isCall : Boolean), false);
      case "BinaryExpression":
        // Compared with, not shown.
        return undefined;
      case "Property":
        return visit(node["value"], MEMBERS.test(nameOf(node["key"])));
      case "JSXAttribute":
        return visit(node["value"], ATTRIBUTES.test(nameOf(node["name"])));
      case "JSXExpressionContainer":
      case "ConditionalExpression":
      case "LogicalExpression":
        return visit(
          node["consequent"] ? [node["consequent"], node["alternate"]] : (node["expression"] ?? node["right"]),
          isRead,
        );
      case "JSXElement":
      case "JSXFragment":
        visit((node["openingElement"] as Node | undefined)?.["attributes"], false);
        return isCode(node) ? undefined : visit(node["children"], true);
      default:
        for (const [member, value] of Object.entries(node)) if (member !== "type") visit(value, false);
    }
  };

  const said = (node: Node, isPlural: boolean): void => {
    const english = (node["arguments"] as Node[])[isPlural ? 2 : 0];
    const text = english && english.type === "Literal" ? english["value"] : undefined;
    if (typeof text === "string") messages.push({ english: text, isPlural, place: placeOf(node) });
    else found(node, "a message that is not written out");
  };

  visit(parseSync(file, code).program, false);
  return { messages, raw };
}

/** The names in a text's braces, sorted. */
export function slotsOf(text: string): string[] {
  return [...new Set([...text.matchAll(/\{(\w+)\}/g)].map(([, name = ""]) => name))].sort();
}

function argumentsOf(call: Node, callee: unknown): unknown {
  const given = call["arguments"] as Node[];
  if (callee === "t" || callee === "rich") return given.slice(1);
  return callee === "plural" ? given.slice(3) : given;
}

function textOf(node: Node): string | undefined {
  if (node.type === "JSXText" || node.type === "Literal") {
    return typeof node["value"] === "string" ? node["value"] : undefined;
  }
  if (node.type !== "TemplateLiteral") return undefined;
  return (node["quasis"] as { readonly value: { readonly raw: string } }[]).map(({ value }) => value.raw).join("{}");
}

function nameOf(node: unknown): string {
  const { name, value } = node as { readonly name?: unknown; readonly value?: unknown };
  return String(name ?? value);
}

function isCode(element: Node): boolean {
  const opening = element["openingElement"] as { readonly name?: unknown } | undefined;
  return opening !== undefined && /^(code|pre|kbd)$/.test(nameOf(opening.name));
}

function isOurError(made: Node): boolean {
  return nameOf(made["callee"]).endsWith("Error");
}

function isCall({ type }: Node): boolean {
  return type === "CallExpression";
}

function isOfTypes({ type }: Node): boolean {
  return type === "ImportDeclaration" || (type.startsWith("TS") && !/^TS(As|Satisfies|NonNull)Expression$/.test(type));
}

function isNode(value: unknown): value is Node {
  return typeof value === "object" && value !== null && typeof (value as Node).type === "string";
}
