import type { AnchorHTMLAttributes, MouseEvent } from "react";
import { addressOf, go, usePath, type Place } from "./location.ts";
import { usePreload } from "./preload.ts";

type Props = Place & Omit<AnchorHTMLAttributes<HTMLAnchorElement>, "href">;

/** A link inside the dashboard. The code of its page is asked for as soon as a pointer or the focus comes near. */
export function Link({ to, search, hash, onClick, ...rest }: Props) {
  // What it says may follow from where the reader is.
  const path = usePath();
  const place: Place = { to: to ?? path, ...(search && { search }), ...(hash !== undefined && { hash }) };
  const preload = usePreload();
  const load = () => preload(place.to ?? path);
  const follow = (event: MouseEvent<HTMLAnchorElement>): void => {
    onClick?.(event);
    // Another button or a key beside it asks the browser for a tab, a window or a file.
    const { button, metaKey, ctrlKey, shiftKey, altKey } = event;
    if (event.defaultPrevented || button !== 0 || metaKey || ctrlKey || shiftKey || altKey) return;
    event.preventDefault();
    go(place);
  };
  return (
    <a {...rest} href={addressOf(place)} onClick={follow} onMouseEnter={load} onFocus={load} onTouchStart={load} />
  );
}
