// What waits on this phone until the door has it: kept first, sent then, forgotten only when it is acknowledged.
import { NoNetwork, Refused, sendForm, sendPicture } from "./net.js";
import { all, get, put, remove } from "./store.js";

const heard = new Set();
let sending = null;

export const onChange = (listener) => heard.add(listener);
const changed = () => heard.forEach((listener) => listener());

export async function add(item) {
  await put("queue", { state: "waiting", words: "", ...item, at: Date.now() });
  changed();
}

export async function waiting() {
  return (await all("queue")).sort((one, other) => one.at - other.at);
}

export async function drop(key) {
  await remove("queue", key);
  const picture = await get("pictures", key);
  if (picture) await remove("pictures", key);
  changed();
}

// One at a time, pictures before the forms that name them; whoever asks meanwhile waits for the same round.
export function flush() {
  sending ??= round().finally(() => {
    sending = null;
  });
  return sending;
}

async function round() {
  const items = await waiting();
  const ordered = [...items.filter((item) => item.kind === "picture"), ...items.filter((item) => item.kind === "form")];
  for (const item of ordered) {
    if (item.state === "refused" || !(await get("queue", item.key))) continue;
    if (await lacksPictures(item)) continue;
    try {
      await acknowledged(item, await deliver(item));
    } catch (error) {
      if (error instanceof NoNetwork) break;
      if (!(error instanceof Refused)) throw error;
      if (!(await refused(item, error))) break;
    }
  }
  changed();
}

async function lacksPictures(item) {
  if (item.kind !== "form") return false;
  const still = new Set((await all("queue")).map((each) => each.key));
  return picturesOf(item).some((key) => still.has(key));
}

// Keys by column; a bare list is what pages of earlier versions left waiting.
export const picturesOf = (item) => Object.values(item.pictures).flat();

function deliver(item) {
  if (item.kind === "form") {
    return sendForm(`/api/forms/${item.code}`, { key: item.key, fields: item.fields, pictures: item.pictures });
  }
  return sendPicture(item.key, { ...item.shot, phone_now: Date.now() }, item.blob);
}

async function acknowledged(item, said) {
  if (item.kind === "picture") {
    const picture = await get("pictures", item.key);
    if (picture) await put("pictures", { ...picture, state: "sent", name: said.name, live: said.live });
  }
  await remove("queue", item.key);
  changed();
}

// Whether it is worth going on with the others.
async function refused(item, why) {
  if (why.code === "answered" && item.kind === "picture" && !item.shot.late) {
    await put("queue", { ...item, shot: { ...item.shot, late: true } });
    return true;
  }
  const later = ["busy", "often", "away", "fault", "slow", "half", "unbound", "page", "pictures"].includes(why.code);
  await put("queue", { ...item, state: later ? "waiting" : "refused", words: why.message, wrong: why.fields });
  changed();
  return !["unbound", "page", "often", "away"].includes(why.code);
}
