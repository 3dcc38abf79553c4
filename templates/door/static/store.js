// The phone's own memory: what waits to be sent, pictures just taken, drafts, and what the page last knew.
const NAME = "kebu-door";
let opened;

function open() {
  opened ??= new Promise((resolve, reject) => {
    const asked = indexedDB.open(NAME, 1);
    asked.onupgradeneeded = () => {
      asked.result.createObjectStore("queue", { keyPath: "key" });
      asked.result.createObjectStore("pictures", { keyPath: "key" });
      asked.result.createObjectStore("known", { keyPath: "name" });
    };
    asked.onsuccess = () => resolve(asked.result);
    asked.onerror = () => reject(asked.error);
  });
  return opened;
}

async function within(store, mode, work) {
  const db = await open();
  return new Promise((resolve, reject) => {
    const transaction = db.transaction(store, mode, mode === "readwrite" ? { durability: "strict" } : {});
    const asked = work(transaction.objectStore(store));
    transaction.oncomplete = () => resolve(asked.result);
    transaction.onerror = transaction.onabort = () => reject(transaction.error);
  });
}

export const put = (store, value) => within(store, "readwrite", (all) => all.put(value));
export const get = (store, key) => within(store, "readonly", (all) => all.get(key));
export const all = (store) => within(store, "readonly", (found) => found.getAll());
export const remove = (store, key) => within(store, "readwrite", (all) => all.delete(key));
export const know = (name, value) => put("known", { name, value });
export const known = async (name) => (await get("known", name))?.value;

// What a phone that was shut out must not show any longer.
export const forget = () => within("known", "readwrite", (all) => all.clear());

export function freshKey() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
