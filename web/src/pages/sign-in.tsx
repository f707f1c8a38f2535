import { useState, type SyntheticEvent } from "react";
import { Mark } from "../design/icon.tsx";
import "./pages.css";

interface Props {
  readonly onSignIn: (entered: { project: string; key: string }) => void;
}

/** Asks for a project and its read key. Both stay in this page and its address's fragment: nothing is stored. */
export function SignIn({ onSignIn }: Props) {
  const [project, setProject] = useState("");
  const [key, setKey] = useState("");
  const submit = (event: SyntheticEvent) => {
    event.preventDefault();
    if (project.trim() && key.trim()) onSignIn({ project: project.trim(), key: key.trim() });
  };
  return (
    <main className="sign-in">
      <form className="surface" onSubmit={submit}>
        <Mark />
        <h1>Open a project</h1>
        <p>Enter its id and a key that may read it. Nothing is stored in this browser.</p>
        <label className="field">
          Project id
          <input value={project} onChange={(e) => setProject(e.target.value)} autoFocus required autoComplete="off" />
        </label>
        <label className="field">
          Read key
          <input
            value={key}
            onChange={(e) => setKey(e.target.value)}
            type="password"
            required
            autoComplete="off"
            spellCheck={false}
          />
        </label>
        <button type="submit" className="button primary">
          Open dashboard
        </button>
      </form>
    </main>
  );
}
