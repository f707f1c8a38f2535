import { useEffect, useRef, useState, type RefObject } from "react";

/** So far below the screen something is near: what is asked then is there when it is reached. */
const MARGIN = "300px";

/** Whether something has come near the screen. It stays so: what was looked at is kept new. */
export function useNear(): readonly [boolean, RefObject<HTMLElement | null>] {
  const ref = useRef<HTMLElement>(null);
  const [near, setNear] = useState(false);
  useEffect(() => {
    if (near || !ref.current) return undefined;
    const observer = new IntersectionObserver(
      (entries) => {
        if (entries.some(({ isIntersecting }) => isIntersecting)) setNear(true);
      },
      { rootMargin: MARGIN },
    );
    observer.observe(ref.current);
    return () => observer.disconnect();
  }, [near]);
  return [near, ref];
}
