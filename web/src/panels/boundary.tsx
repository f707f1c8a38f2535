import { Component, type ReactNode } from "react";
import { Failure } from "./states.tsx";

interface Props {
  readonly children: ReactNode;
}

interface State {
  readonly error: Error | undefined;
}

/** Keeps a part that breaks while drawing, or whose code does not load, from taking the page with it. */
export class Boundary extends Component<Props, State> {
  override state: State = { error: undefined };

  static getDerivedStateFromError(thrown: unknown): State {
    return { error: thrown instanceof Error ? thrown : new Error(String(thrown)) };
  }

  override render(): ReactNode {
    const { error } = this.state;
    // Code that did not load stays missing until the page is loaded again.
    return error ? <Failure error={error} onRetry={() => location.reload()} /> : this.props.children;
  }
}
