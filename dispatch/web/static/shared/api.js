// Every path of the service that the pages use, and the manners of asking: faults, repeats, conflicts.
export class Fault extends Error {
  constructor(status, problem) {
    super(problem.detail || problem.title || `HTTP ${status}`);
    this.status = status;
    this.problem = problem;
  }
  /** Somebody else changed the day first. */
  get isConflict() {
    return this.status === 409 || this.status === 412;
  }
  /** Who was first, where the service says so. */
  get by() {
    return this.problem.by || /\bby (\S+)$/.exec(this.problem.faults?.[0]?.found)?.[1] || "";
  }
}

let token = ""; // against requests from other sites, where the service gives one

export function newKey() {
  const bytes = crypto.getRandomValues(new Uint8Array(12));
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

async function ask(method, path, { body, match, signal, key } = {}) {
  const headers = { Accept: "application/json" };
  if (body !== undefined) headers["Content-Type"] = "application/json";
  if (method !== "GET") headers["Idempotency-Key"] = key || newKey();
  if (method !== "GET" && token) headers["X-CSRF-Token"] = token;
  if (match) headers["If-Match"] = match;
  const text = body === undefined ? undefined : JSON.stringify(body);
  const answer = await fetch(path, { method, headers, body: text, signal, credentials: "same-origin" });
  if (answer.status === 401 && !location.pathname.startsWith("/login") && navigator.onLine) {
    location.assign(`/login?next=${encodeURIComponent(location.pathname + location.search)}`);
  }
  if (!answer.ok) throw new Fault(answer.status, await problemOf(answer));
  if (answer.status === 204) return { value: null, etag: "" };
  return { value: await answer.json(), etag: answer.headers.get("ETag") || "" };
}

async function problemOf(answer) {
  const type = answer.headers.get("Content-Type") || "";
  return type.includes("json") ? answer.json() : { title: answer.statusText };
}

const get = async (path, options) => (await ask("GET", path, options)).value;
const post = async (path, body, options) => (await ask("POST", path, { body, ...options })).value;
const day = (id) => `/days/${encodeURIComponent(id)}`;
const visitOf = (id, visit) => `${day(id)}/visits/${encodeURIComponent(visit)}`;

export const api = {
  async session() {
    const found = await get("/session");
    token = found.csrf || "";
    return found;
  },
  signIn: (secret) => post("/session", { token: secret }),
  signOut: () => ask("DELETE", "/session"),
  days: () => get("/days"),
  board: (id, signal) => ask("GET", `${day(id)}/board`, { signal }),
  preview: (id, move, signal) => post(`${day(id)}/moves/preview`, move, { signal }),
  move: (id, move, match) => post(`${day(id)}/moves`, move, { match }),
  lock: (id, visit, hold, match) => post(`${day(id)}/locks`, { visit, hold }, { match }),
  undo: (id, body = {}) => post(`${day(id)}/undo`, body),
  redo: (id) => post(`${day(id)}/redo`, {}),
  record: (id, what, key) => post(`${day(id)}/events`, { what }, { key }),
  emergency: (id, visit, mode) => post(`${day(id)}/emergencies`, { visit, mode, top: 5 }),
  offer: (id, options) => get(`${day(id)}/emergencies/${encodeURIComponent(options)}`),
  choose: (id, options, index) =>
    post(`${day(id)}/emergencies/${encodeURIComponent(options)}/choose`, { index }),
  visit: (id, visit) => get(visitOf(id, visit)),
  contact: (id, visit, reason) => post(`${visitOf(id, visit)}/contact`, { reason }),
  remedies: (id, visit) => get(`${visitOf(id, visit)}/remedies`),
  remedy: (id, visit, remedy) => post(`${visitOf(id, visit)}/remedies`, { remedy }),
  replan: (id, request) => post(`${day(id)}/replans`, request),
  proposal: (id, replan) => get(`${day(id)}/replans/${encodeURIComponent(replan)}`),
  accept: (id, replan, changes) =>
    post(`${day(id)}/replans/${encodeURIComponent(replan)}/accept`, { changes }),
  events: (id, after) => new EventSource(`${day(id)}/stream?after=${after}`),
  myEvents: (id) => new EventSource(`/me/stream?day=${encodeURIComponent(id)}`),
  myNews: (id, what, key) => post("/me/events", { day: id, what }, { key }),
  myContact: (id, visit, reason) => post("/me/contact", { day: id, visit, reason }),
  setClock: (path, rate) => post(path, { rate }),
  tiles: () => get("/tiles.json"),
  way: (id, row) => get(`${day(id)}/ways/${encodeURIComponent(row)}`),
  wayTo: (id, options, index) => get(`${day(id)}/emergencies/${encodeURIComponent(options)}/ways/${index}`),
  me: () => get("/me/day"),
  report: (body, key) => post("/me/reports", body, { key }),
};
