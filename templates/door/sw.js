// Keeps the page itself for when there is no network.  What the page knows and what waits is in its own database.
const VERSION = "door-{{ version }}";
const FILES = {{ files | tojson }};

self.addEventListener("install", (event) => {
  event.waitUntil(keep().then(() => self.skipWaiting()));
});

async function keep() {
  const cache = await caches.open(VERSION);
  await cache.addAll(FILES);
  const shell = await fetch("/", { credentials: "same-origin" });
  if (shell.ok) await cache.put("/", shell);
}

self.addEventListener("activate", (event) => {
  event.waitUntil(
    caches.keys()
      .then((names) => Promise.all(names.filter((name) => name !== VERSION).map((name) => caches.delete(name))))
      .then(() => self.clients.claim()),
  );
});

self.addEventListener("fetch", (event) => {
  const url = new URL(event.request.url);
  if (event.request.method !== "GET" || url.origin !== location.origin) return;
  if (url.pathname === "/") event.respondWith(shell(event.request));
  else if (url.pathname.startsWith("/static/")) event.respondWith(file(event.request));
});

// The newest page where there is a network; a phone that was shut out must not go on with the kept one.
async function shell(request) {
  const cache = await caches.open(VERSION);
  try {
    const answer = await fetch(request);
    if (answer.ok) await cache.put("/", answer.clone());
    else if (answer.status === 401) await cache.delete("/");
    return answer;
  } catch (error) {
    return (await cache.match("/")) ?? Response.error();
  }
}

async function file(request) {
  const cache = await caches.open(VERSION);
  return (await cache.match(request)) ?? fetch(request);
}
