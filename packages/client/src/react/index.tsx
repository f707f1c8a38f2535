import type { EmbedPanel } from "@millrace/core";
import { useEffect, useLayoutEffect, useRef, type CSSProperties, type ReactElement, type Ref } from "react";
import type { GetToken, MillraceEmbed } from "../embed/element.ts";

declare module "react" {
  namespace JSX {
    interface IntrinsicElements {
      "millrace-embed": {
        readonly ref?: Ref<MillraceEmbed>;
        readonly src: string;
        readonly panel?: string | undefined;
        readonly range?: string | undefined;
        readonly label?: string | undefined;
        readonly class?: string | undefined;
        readonly style?: CSSProperties | undefined;
      };
    }
  }
}

export interface UsageDashboardProps {
  /** Where Millrace is, such as `https://usage.example.com`. */
  readonly url: string;
  /** Asks your own back end for a token of the customer who looks; called again before each one ends. */
  readonly getToken: GetToken;
  /** The first range, such as `7d`. Default: 30 days. */
  readonly range?: string;
  /** What a screen reader calls it. Default: "Usage". */
  readonly label?: string;
  readonly className?: string;
  readonly style?: CSSProperties;
  /** Told when no token can be had. */
  readonly onError?: (error: unknown) => void;
}

export interface UsageChartProps extends UsageDashboardProps {
  /** The panel that is shown alone; one that the token has. */
  readonly panel: EmbedPanel;
}

/** All panels of a customer's token: dates, comparison, filters and drilling included. */
export function UsageDashboard(props: UsageDashboardProps): ReactElement {
  return <Embed {...props} />;
}

/** One panel of a customer's token. */
export function UsageChart(props: UsageChartProps): ReactElement {
  return <Embed {...props} />;
}

/** The element, whose code comes with the first one that is shown: it needs a page, and the server that renders has none. */
function Embed(props: UsageDashboardProps & { readonly panel?: EmbedPanel }): ReactElement {
  const { url, panel, range, label, className, style } = props;
  const element = useRef<MillraceEmbed>(null);
  const latest = useRef(props);
  // Before the element begins, which it does when this moment is over.
  useLayoutEffect(() => {
    latest.current = props;
    if (element.current) element.current.getToken = () => latest.current.getToken();
  });
  useEffect(() => {
    const shown = element.current;
    const onError = (event: Event) => latest.current.onError?.((event as CustomEvent).detail);
    shown?.addEventListener("millrace-error", onError);
    void import("../embed/element.ts").then(({ defineMillraceEmbed }) => defineMillraceEmbed());
    return () => shown?.removeEventListener("millrace-error", onError);
  }, []);
  return (
    <millrace-embed ref={element} src={url} panel={panel} range={range} label={label} class={className} style={style} />
  );
}
