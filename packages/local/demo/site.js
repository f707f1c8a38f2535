// The demo site's own script: what a site has that is measured, and the dock that plays visitors.
const money = new Intl.NumberFormat("en", { style: "currency", currency: "EUR", maximumFractionDigits: 0 });
const PRICES = { shore: 4, harbour: 8, ocean: 14 };
const $ = (id) => document.getElementById(id);
/** The tracker, unless a blocker or the visitor turned it off: a site works without. */
const track = (name, properties) => window.millrace?.track?.(name, properties);

// Before there is a form: one that is sent before somebody listens would be sent by the browser, with its fields in the address.
addEventListener("submit", (event) => {
  const send = { calculator: trial, contact: thank }[event.target.id];
  if (!send) return;
  event.preventDefault();
  send(event.target);
});
addEventListener("DOMContentLoaded", () => {
  for (const link of document.querySelectorAll(".top nav a")) {
    if (location.pathname.startsWith(new URL(link.href).pathname)) link.setAttribute("aria-current", "page");
  }
  calculator($("calculator"));
  app($("app"));
  dock();
});

function choice(form) {
  return { seats: Number(form.seats.value), plan: form.plan.value };
}

function calculator(form) {
  form?.addEventListener("input", () => {
    const { seats, plan } = choice(form);
    $("seats-out").value = seats;
    $("total").textContent = money.format(seats * PRICES[plan]);
  });
}

function trial(form) {
  const { seats, plan } = choice(form);
  track("trials", { plan, seats, monthly: seats * PRICES[plan] });
  $("trial-done").textContent = "Your trial has begun, as far as a demo goes.";
}

function thank(form) {
  form.reset();
  $("contact-done").textContent = "Thank you. Nobody will answer: the form exists to be counted.";
}

// A sheet of its own and no element: the page's policy lets nothing inline.
const POLL_STYLE = new CSSStyleSheet();
POLL_STYLE.replaceSync(`
  p { margin: 0 0 .75rem; font-weight: 600 }
  button { font: inherit; color: inherit; background: none; border: 1px solid currentColor; border-radius: 999px; padding: .35rem 1rem; margin-inline-end: .5rem; cursor: pointer }
`);

/** A poll in a shadow tree, as embedded widgets are. It says itself what was done with it. */
customElements.define(
  "helpful-poll",
  class extends HTMLElement {
    connectedCallback() {
      const root = this.attachShadow({ mode: "open" });
      root.adoptedStyleSheets = [POLL_STYLE];
      root.innerHTML = `<p>Was this helpful?</p><button value="yes">Yes</button><button value="no">Not really</button>`;
      root.addEventListener("click", ({ target }) => {
        const choice = target.value;
        if (!choice) return;
        root.querySelector("p").textContent = "Thank you.";
        const detail = { action: "voted", properties: { choice } };
        this.dispatchEvent(new CustomEvent("millrace", { bubbles: true, composed: true, detail }));
        track("poll_votes", { choice });
      });
    }
  },
);

/** A page that changes its address by itself: each board is a view, though nothing is loaded. */
function app(root) {
  if (!root) return;
  const BOARDS = {
    launch: ["Launch", "Everything until the 14th: copy, pictures, who calls whom."],
    retro: ["Retrospective", "What went well, what did not, what we try next."],
    ideas: ["Ideas", "Half of them are bad. That is what the board is for."],
  };
  const draw = () => {
    const board = BOARDS[location.pathname.split("/")[3] ?? ""];
    document.title = `${board ? board[0] : "Boards"} · Tidewater`;
    root.innerHTML = board
      ? `<p><a href="/demo/app">← Boards</a></p><h1>${board[0]}</h1><p class="lead">${board[1]}</p><button class="button" type="button" data-track="notes_created" data-track-board="${board[0]}">New note</button>`
      : `<h1>Boards</h1><p class="lead">A part of the site that never reloads.</p><ul class="boards">${Object.entries(
          BOARDS,
        )
          .map(
            ([id, [name, text]]) =>
              `<li><a class="card" href="/demo/app/${id}"><h2>${name}</h2><small>${text}</small></a></li>`,
          )
          .join("")}</ul>`;
  };
  root.addEventListener("click", (event) => {
    const link = event.target.closest("a");
    if (!link || event.metaKey || event.ctrlKey) return;
    event.preventDefault();
    history.pushState(null, "", link.href);
    draw();
  });
  addEventListener("popstate", draw);
  draw();
}

function dock() {
  const [button, text, progress] = [$("play"), $("dock-text"), $("dock-progress")];
  // Another page of this machine could send a form here, but not this header.
  const ask = async (method) => {
    const response = await fetch("/console/demo/traffic", { method, headers: { "X-Millrace-Demo": "1" } });
    const answer = await response.json();
    if (!response.ok) throw new Error(answer.message);
    return answer;
  };
  const follow = async () => {
    for (;;) {
      const { state, sent, total, error } = await ask("GET");
      const playing = state === "playing";
      button.disabled = playing;
      progress.hidden = !playing;
      progress.value = total > 0 ? sent / total : 0;
      if (playing) text.textContent = `${sent.toLocaleString("en")} of ${total.toLocaleString("en")} events …`;
      else if (error) text.textContent = error;
      else if (sent > 0) text.textContent = `${sent.toLocaleString("en")} events of a day were recorded.`;
      if (!playing) return;
      await new Promise((resolve) => setTimeout(resolve, 400));
    }
  };
  const told = (work) => work().catch((error) => (text.textContent = error.message));
  button.addEventListener("click", () => told(async () => (await ask("POST"), follow())));
  // A play that another page began is shown here too. Without a session there is nothing to show yet.
  follow().catch(() => {});
}
