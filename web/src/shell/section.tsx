import { useId, type ReactNode } from "react";
import "./section.css";

interface Props {
  readonly title: string;
  /** What can be done with it. */
  readonly tools?: ReactNode;
  /** One sentence about what it says. */
  readonly about?: ReactNode;
  readonly children: ReactNode;
}

/** A titled part of a page. */
export function Section({ title, tools, about, children }: Props) {
  const id = useId();
  return (
    <section className="surface section" aria-labelledby={id}>
      <header>
        <h2 id={id}>{title}</h2>
        {tools && <div className="section-tools">{tools}</div>}
        {about && <p>{about}</p>}
      </header>
      {children}
    </section>
  );
}
