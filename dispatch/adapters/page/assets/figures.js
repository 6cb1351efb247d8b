// The head of a page and its key figures.
function fillHead({ title, line, tone, status, links }) {
  byId("title").textContent = title;
  byId("subtitle").textContent = line;
  const pill = byId("status");
  pill.className = `pill ${tone}`;
  pill.replaceChildren(icon(tone === "good" ? "check" : "warn"), status);
  byId("nav").replaceChildren(...links.filter(Boolean).map(([id, word]) => h("a", { href: `#${id}` }, t(word))));
}

/** A bar; `goal` is marked on it. */
function meter(share, { goal = null, tone = "" } = {}) {
  return h("div", { class: `meter ${tone}`, "aria-hidden": "true" },
    h("i", { css: { width: `${100 * Math.min(1, Math.max(0, share))}%` } }),
    goal === null ? null : h("b", { css: { left: `${100 * goal}%` } }));
}

function kpi(name, big, sub, extra, ok = null) {
  const verdict = ok === null ? null : icon(ok ? "check" : "warn", ok ? "ok" : "no");
  return h("div", { class: "card kpi" }, h("div", { class: "name" }, name, verdict), h("div", { class: "big" }, ...big), extra, h("div", { class: "sub" }, sub));
}

const small = (text) => h("small", {}, ` ${text}`);
const join = (...parts) => parts.filter(Boolean).join(" · ");
