import type { ReactNode } from "react";
import { NavigationButton } from "./navigation.tsx";
import "../panels/header.css";

interface Props {
  readonly title: string;
  /** What can be chosen for the whole page. */
  readonly children?: ReactNode;
}

/** The head of a page that is about no single project. */
export function PageHead({ title, children }: Props) {
  return (
    <header className="top">
      <div className="top-row">
        <div className="top-name">
          <NavigationButton />
          <h1>{title}</h1>
        </div>
        {children && <div className="top-tools plain">{children}</div>}
      </div>
    </header>
  );
}
