import { useState } from "react";
import { Result } from "../../asking/result.tsx";
import type { Asking } from "../../asking/use-answer.ts";
import { Icon } from "../../design/icon.tsx";
import { Segmented } from "../../design/segmented.tsx";
import { csvOf, download } from "../../format/csv.ts";
import { plural, t } from "../../language/words.ts";
import { usePage, type Page } from "../../state/page.tsx";
import { keyOf, layersOf, type Layers, type PathNode, type Place } from "./layers.ts";
import type { PathsSpec } from "./spec.ts";
import "./paths.css";

interface Props {
  readonly asking: Asking<PathsSpec>;
  /** Absent on a board. */
  readonly onChange?: (patch: Partial<PathsSpec>) => void;
}

const VIEWS = [
  { value: "layers", label: t("Steps") },
  { value: "table", label: t("Table") },
] as const;

/** The places of each step beside each other, or the ways between them as a table. */
export function PathsResult({ asking, onChange }: Props) {
  const { numbers, names } = usePage();
  return (
    <Result asking={asking} isEmpty={({ answer }) => layersOf(answer).sessions === 0} meta={onChange !== undefined}>
      {({ spec, answer }) => {
        const paths = layersOf(answer);
        const nameOf = (place: Place) => placeName(place, spec, names);
        return (
          <>
            {onChange && (
              <header className="ask-head">
                <Segmented
                  label={t("Form of the answer")}
                  options={VIEWS}
                  value={spec.view}
                  onChange={(view) => onChange({ view })}
                />
                <p>{t("{count} paths", { count: numbers.count(paths.sessions) })}</p>
                <button
                  type="button"
                  className="button small"
                  onClick={() => download("paths.csv", csvOf(cellsOf(paths, nameOf)))}
                >
                  <Icon name="download" /> CSV
                </button>
              </header>
            )}
            {spec.view === "table" ? (
              <LinkTable paths={paths} nameOf={nameOf} />
            ) : (
              <Columns
                paths={paths}
                spec={spec}
                nameOf={nameOf}
                onAnchor={onChange && ((anchor) => onChange({ anchor }))}
              />
            )}
          </>
        );
      }}
    </Result>
  );
}

function placeName(place: Place, { step, direction }: PathsSpec, names: Page["names"]): string {
  if ("ended" in place) return direction === "next" ? t("Nothing further") : t("Nothing before");
  if ("other" in place) return t("Everything else");
  return names(step, place.value);
}

interface ColumnsProps {
  readonly paths: Layers;
  readonly spec: PathsSpec;
  readonly nameOf: (place: Place) => string;
  readonly onAnchor: ((anchor: string) => void) | undefined;
}

/**
 * A column for each step. Whoever chooses a place sees beside it where its sessions went: the others of the next column step back. Chosen again,
 * paths begin there.
 */
function Columns({ paths, spec, nameOf, onAnchor }: ColumnsProps) {
  const { numbers } = usePage();
  const [chosen, setChosen] = useState<{ readonly layer: number; readonly key: string }>();
  const node = chosen && paths.layers[chosen.layer]?.find(({ key }) => key === chosen.key);
  const reached = new Map(node?.next.map(({ to, result }) => [keyOf(to), result]));
  const head = (layer: number) =>
    layer === 0
      ? spec.direction === "next"
        ? t("Began with")
        : t("Ended with")
      : spec.direction === "next"
        ? plural(layer, "{n} step later", "{n} steps later")
        : plural(layer, "{n} step before", "{n} steps before");
  return (
    <div className="paths" tabIndex={0} role="region" aria-label={t("Steps of the paths")}>
      {paths.layers.map((nodes, layer) => (
        <section key={layer} aria-label={head(layer)}>
          <h3>{head(layer)}</h3>
          <ol>
            {nodes.map((each) => {
              const beside = chosen && node && layer === chosen.layer + 1;
              const through = beside ? (reached.get(each.key) ?? 0) : each.sessions;
              const share = through / Math.max(1, beside ? node.sessions : paths.sessions);
              const isChosen = chosen?.layer === layer && chosen.key === each.key;
              return (
                <li key={each.key}>
                  <Node
                    node={each}
                    name={nameOf(each.place)}
                    isChosen={isChosen}
                    isFaint={beside === true && through === 0}
                    share={share}
                    words={`${numbers.count(through)} · ${numbers.value(share, "percent")}`}
                    onChoose={() => setChosen(isChosen ? undefined : { layer, key: each.key })}
                  />
                  {isChosen && onAnchor && "value" in each.place && typeof each.place.value === "string" && (
                    <button
                      type="button"
                      className="button small quiet"
                      onClick={() => {
                        setChosen(undefined);
                        if ("value" in each.place) onAnchor(String(each.place.value));
                      }}
                    >
                      {t("Begin here")}
                    </button>
                  )}
                </li>
              );
            })}
          </ol>
        </section>
      ))}
    </div>
  );
}

interface NodeProps {
  readonly node: PathNode;
  readonly name: string;
  readonly isChosen: boolean;
  readonly isFaint: boolean;
  readonly share: number;
  readonly words: string;
  readonly onChoose: () => void;
}

function Node({ node, name, isChosen, isFaint, share, words, onChoose }: NodeProps) {
  const isPlace = "value" in node.place;
  return (
    <button
      type="button"
      className={`path-node ${isPlace ? "" : "none"} ${isFaint ? "faint" : ""}`}
      aria-pressed={isChosen}
      disabled={node.next.length === 0}
      title={name}
      onClick={onChoose}
    >
      <span className="path-bar" style={{ inlineSize: `${Math.min(1, share) * 100}%` }} aria-hidden="true" />
      <span className="path-name">
        <bdi>{name}</bdi>
      </span>
      <span className="path-count">{words}</span>
    </button>
  );
}

/** Each way from place to place. */
function LinkTable({ paths, nameOf }: Pick<ColumnsProps, "paths" | "nameOf">) {
  const { numbers } = usePage();
  return (
    <div className="ask-table" tabIndex={0} role="region" aria-label={t("Paths as a table")}>
      <table>
        <thead>
          <tr>
            <th scope="col">{t("Step")}</th>
            <th scope="col">{t("From")}</th>
            <th scope="col">{t("To")}</th>
            <th scope="col" className="number">
              {t("Sessions")}
            </th>
          </tr>
        </thead>
        <tbody>
          {paths.links.map(({ step, from, to, result }) => (
            <tr key={`${step} ${keyOf(from)} ${keyOf(to)}`}>
              <td>{step}</td>
              <td>{nameOf(from)}</td>
              <td>{nameOf(to)}</td>
              <td className="number">{numbers.count(result)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function cellsOf({ links }: Layers, nameOf: (place: Place) => string) {
  return [
    ["step", "from", "to", "sessions"],
    ...links.map(({ step, from, to, result }) => [step, nameOf(from), nameOf(to), result]),
  ];
}
