// News waits in the browser's own database until the service has it; in order, each sent until it is taken.
import { api } from "../shared/api.js";

const [NAME, STORE] = ["servicenet-me", "waiting"];
let opened = null;

function open() {
  opened ||= new Promise((done, fail) => {
    const asked = indexedDB.open(NAME, 2);
    asked.onupgradeneeded = () => {
      const base = asked.result;
      if (!base.objectStoreNames.contains(STORE)) base.createObjectStore(STORE, { keyPath: "number", autoIncrement: true });
      if (!base.objectStoreNames.contains("kept")) base.createObjectStore("kept");
    };
    asked.onsuccess = () => done(asked.result);
    asked.onerror = () => fail(asked.error);
  });
  return opened;
}

async function run(store, mode, act) {
  const base = await open();
  return new Promise((done, fail) => {
    const deal = base.transaction(store, mode);
    const asked = act(deal.objectStore(store));
    deal.oncomplete = () => done(asked?.result);
    deal.onerror = () => fail(deal.error);
  });
}

/** What was put in line: what waits, and what the service took (`sent`) but no day read since then shows. */
export const entries = () => run(STORE, "readonly", (store) => store.getAll());
export const waiting = async () => (await entries()).filter((entry) => !entry.sent);
export const keep = (key, value) => run("kept", "readwrite", (store) => store.put(value, key));
export const kept = (key) => run("kept", "readonly", (store) => store.get(key));

/** Put something in line: {what: "event" | "report", day, body, key}. */
export const put = (entry) => run(STORE, "readwrite", (store) => store.add(entry));
export const drop = (number) => run(STORE, "readwrite", (store) => store.delete(number));
const markSent = (entry) => run(STORE, "readwrite", (store) => store.put({ ...entry, sent: true }));

const send = (entry) => (entry.what === "report" ? api.report(entry.body, entry.key) : api.myNews(entry.day, entry.body, entry.key));

let busy = false;

/** Send what waits. Returns the entries the service refused; those are told and not sent again. */
export async function flush() {
  if (busy || !navigator.onLine) return [];
  busy = true;
  const refused = [];
  try {
    for (const entry of await waiting()) {
      try {
        await send(entry);
      } catch (fault) {
        // No answer, a busy service or a lost session: it stays in line, and all behind it.
        if (!fault.status || fault.status >= 500 || [401, 403, 408, 429].includes(fault.status)) break;
        refused.push({ entry, fault });
        await drop(entry.number);
        continue;
      }
      await markSent(entry);
    }
  } finally {
    busy = false;
  }
  return refused;
}
