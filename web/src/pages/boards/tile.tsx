import { useMemo } from "react";
import type { Tile } from "../../asking/board.ts";
import { RemoveButton } from "../../asking/fields.tsx";
import { QuestionLink } from "../../asking/question-link.tsx";
import { useAnswer } from "../../asking/use-answer.ts";
import { useSpec } from "../../asking/use-spec.ts";
import { Icon } from "../../design/icon.tsx";
import { t } from "../../language/words.ts";
import { Boundary } from "../../panels/boundary.tsx";
import { encodeFilter } from "../../state/filters.ts";
import { PageProvider, usePage } from "../../state/page.tsx";
import { parseSearch } from "../../state/search.ts";
import { ExploreResult } from "../explore/result.tsx";
import { EXPLORE } from "../explore/spec.ts";
import { useExploration } from "../explore/use-exploration.ts";
import { FunnelResult } from "../funnels/result.tsx";
import { FUNNEL, toQuestion as toFunnel } from "../funnels/spec.ts";
import { PathsResult } from "../paths/result.tsx";
import { completed, PATHS, toQuestion as toPaths } from "../paths/spec.ts";
import { RetentionResult } from "../retention/result.tsx";
import { RETENTION, toQuestion as toRetention } from "../retention/spec.ts";

interface Props {
  readonly tile: Tile;
  /** Absent for whoever may not change the board. */
  readonly onChange?: (tile: Tile) => void;
  readonly onRemove?: () => void;
  /** Absent for the first. */
  readonly onEarlier?: () => void;
}

/** One pinned question: its own filters and those of the page, the page's range. It fails alone. */
export function TileView({ tile, onChange, onRemove, onEarlier }: Props) {
  const page = usePage();
  const scoped = useMemo(() => {
    const own = parseSearch(tile.address);
    const filters = [
      ...new Map([...page.search.filters, ...own.filters].map((each) => [encodeFilter(each), each])).values(),
    ];
    return { ...page, search: { ...page.search, q: own.q, filters }, ask: { ...page.ask, filters } };
  }, [page, tile.address]);
  return (
    <article className="surface tile" aria-label={tile.title}>
      <header>
        <h4>
          <QuestionLink question={tile} />
        </h4>
        {onChange && (
          <button
            type="button"
            className="button quiet icon small"
            aria-label={
              tile.wide ? t("Narrow {title}", { title: tile.title }) : t("Widen {title}", { title: tile.title })
            }
            title={tile.wide ? t("Narrow") : t("Widen")}
            onClick={() => onChange({ ...tile, wide: !tile.wide })}
          >
            <Icon name="expand" />
          </button>
        )}
        {onEarlier && (
          <button
            type="button"
            className="button quiet icon small"
            aria-label={t("{title} earlier", { title: tile.title })}
            title={t("Earlier")}
            onClick={onEarlier}
          >
            <Icon name="up" />
          </button>
        )}
        {onRemove && <RemoveButton label={t("Unpin {title}", { title: tile.title })} onClick={onRemove} />}
      </header>
      <PageProvider value={scoped}>
        <Boundary>{BODIES[tile.page]()}</Boundary>
      </PageProvider>
    </article>
  );
}

/** What each page's question is shown as. */
const BODIES = {
  explore: () => <ExploreTile />,
  funnels: () => <FunnelTile />,
  retention: () => <RetentionTile />,
  paths: () => <PathsTile />,
} as const;

function ExploreTile() {
  const [spec] = useSpec(EXPLORE);
  return <ExploreResult exploration={useExploration(spec)} />;
}

function FunnelTile() {
  const { ask, search } = usePage();
  const [spec] = useSpec(FUNNEL);
  const question = useMemo(() => toFunnel(spec, ask, search.range), [spec, ask, search.range]);
  return <FunnelResult asking={useAnswer(question, spec)} small />;
}

function RetentionTile() {
  const { ask, search } = usePage();
  const [spec] = useSpec(RETENTION);
  const question = useMemo(() => toRetention(spec, ask, search.range), [spec, ask, search.range]);
  return <RetentionResult asking={useAnswer(question, spec)} />;
}

function PathsTile() {
  const { ask, search } = usePage();
  const [chosen] = useSpec(PATHS);
  const spec = useMemo(() => completed(chosen, ask), [chosen, ask]);
  const question = useMemo(() => toPaths(spec, ask, search.range), [spec, ask, search.range]);
  return <PathsResult asking={useAnswer(question, spec)} />;
}
