// Keeps the technician's page usable without a network: its files, never the answers of the service.
const CACHE = "servicenet-me-__VERSION__";
const START = "/me";

self.addEventListener("install", (event) => {
  event.waitUntil(
    (async () => {
      const cache = await caches.open(CACHE);
      const page = await fetch(START, { cache: "no-store" });
      const text = await page.clone().text();
      await cache.put(START, page);
      const files = [...text.matchAll(/(?:href|src)="(\/static\/[^"]+)"/g)].map((one) => one[1]);
      await cache.addAll([...new Set(files)]);
      await self.skipWaiting();
    })(),
  );
});

self.addEventListener("activate", (event) => {
  event.waitUntil(
    (async () => {
      for (const name of await caches.keys()) if (name.startsWith("servicenet-me-") && name !== CACHE) await caches.delete(name);
      await self.clients.claim();
    })(),
  );
});

self.addEventListener("fetch", (event) => {
  const { pathname, origin } = new URL(event.request.url);
  const own = origin === location.origin && event.request.method === "GET";
  if (!own || !(pathname === START || pathname.startsWith("/static/"))) return;
  event.respondWith(
    (async () => {
      try {
        const fresh = await fetch(event.request);
        if (fresh.ok) (await caches.open(CACHE)).put(pathname === START ? START : event.request, fresh.clone());
        return fresh;
      } catch {
        const known = await caches.match(pathname === START ? START : event.request);
        return known || Response.error();
      }
    })(),
  );
});
