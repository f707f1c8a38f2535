import { UsageDashboard } from "@millrace/client/react";
import { createRoot } from "react-dom/client";
import type { Customer } from "./customers.ts";

interface Account {
  readonly customers: readonly Customer[];
  readonly millraceUrl: string;
}

/** The account page: what a customer pays for, and what it did for them. */
function AccountPage({ customers, millraceUrl }: Account) {
  return (
    <>
      <header>
        <h1>Your account</h1>
      </header>
      <main>
        {customers.map(({ id, name }) => (
          <section key={id} aria-label={name} data-customer={id}>
            <h2>{name}</h2>
            <p>Plan: Team. These are the visitors of your shop.</p>
            <UsageDashboard url={millraceUrl} getToken={() => fetchToken(id)} label={`Usage of ${name}`} />
          </section>
        ))}
      </main>
    </>
  );
}

async function fetchToken(customer: string): Promise<string> {
  const response = await fetch(`/accounts/${customer}/usage-token`, { method: "POST" });
  if (!response.ok) throw new Error(`No token: status ${response.status}.`);
  return response.text();
}

const root = document.getElementById("root");
if (!root) throw new Error("The page has no #root.");
createRoot(root).render(<AccountPage {...(JSON.parse(root.dataset["account"] ?? "") as Account)} />);
