interface Props {
  readonly svg: string;
}

/** A drawing that the name beside it says in words. In an address of its own: what it defines meets no other's names. */
export function Picture({ svg }: Props) {
  return <img src={`data:image/svg+xml,${encodeURIComponent(svg)}`} alt="" />;
}
