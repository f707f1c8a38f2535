interface Props {
  readonly svg: string;
  /** With a hairline around it: a flag may end in white. */
  readonly framed?: boolean;
}

/** A drawing that the name beside it says in words. In an address of its own: what it defines meets no other's names. */
export function Picture({ svg, framed = false }: Props) {
  return <img src={`data:image/svg+xml,${encodeURIComponent(svg)}`} alt="" className={framed ? "framed" : undefined} />;
}
