// The page: one section at a time, what the door last said, and what still waits on this phone.
import * as camera from "./camera.js";
import * as forms from "./forms.js";
import { NoNetwork, Refused, ask } from "./net.js";
import { drop, flush, onChange, waiting } from "./queue.js";
import { forget, know, known } from "./store.js";

const EVERY = 30_000;
const sections = [...document.querySelectorAll("main > section")];
const banner = document.getElementById("banner");
const unsent = document.getElementById("unsent");

function card(weight, title, lines) {
  const item = document.createElement("li");
  item.className = `card ${weight}`;
  const head = document.createElement("p");
  head.className = "head";
  head.textContent = title;
  item.append(head);
  for (const line of lines) {
    const words = document.createElement("p");
    words.className = line.weight ?? "";
    words.textContent = line.words;
    item.append(words);
  }
  return item;
}

function list(id, items, nothing) {
  document.getElementById(id).replaceChildren(...(items.length ? items : [card("note", nothing, [])]));
}

const moment = (iso) => `${iso.slice(5, 10)} ${iso.slice(11, 16)}`;

function showHome(home) {
  list("today-list", home.today.map((each) => card(each.weight, each.words, [])), "今天没有要做的事。");
  document.getElementById("today-as-of").textContent = `截至 ${camera.clock(home.asked)}`;
  list("receipts-list", home.receipts.map((each) =>
    card(each.good ? "good" : "refuse", `${each.outcome} · ${each.title}`,
      [{ words: [moment(each.at), each.no && `受理号 ${each.no}`].filter(Boolean).join("　"), weight: "help" }, ...each.lines])),
  "最近没有回执。");
}

async function refresh() {
  try {
    const home = { ...(await ask("/api/home")), asked: Date.now() };
    await know("home", home);
    clockWords(home);
    showHome(home);
  } catch (error) {
    if (error instanceof Refused && error.status === 401) return shutOut(error.message);
    const kept = await known("home");
    if (kept) showHome(kept);
    if (error instanceof NoNetwork) say("没有网络：可以照常拍照和填写，有网络时自动送达。");
    else say(error.message);
  }
}

function clockWords(home) {
  const minutes = Math.round((home.asked - home.now) / 60_000);
  if (Math.abs(minutes) < 2) return say("");
  return say(`这部手机的时钟${minutes > 0 ? "快" : "慢"} ${span(Math.abs(minutes))}，请打开“自动设置时间”。`);
}

function span(minutes) {
  if (minutes < 120) return `${minutes} 分钟`;
  return minutes < 2880 ? `${Math.round(minutes / 60)} 小时` : `${Math.round(minutes / 1440)} 天`;
}

async function shutOut(words) {
  await forget();
  say(`${words}。`);
}

function say(words) {
  banner.textContent = words;
  banner.hidden = !words;
}

// -- what waits

async function showQueue() {
  const items = await waiting();
  unsent.hidden = !items.length;
  unsent.querySelector("b").textContent = items.length;
  document.getElementById("queue-title").textContent = items.length ? `未送达 ${items.length}` : "未送达";
  list("queue-list", items.map(queued), "没有未送达的内容。");
}

function queued(item) {
  const words = item.words ? [{ words: item.words, weight: "refuse" }] : [];
  const made = card(item.state === "refused" ? "refuse" : "flag", `${item.title} ${camera.clock(item.at)}`, words);
  if (item.state === "refused") {
    if (item.kind === "form") made.append(button("修改", () => forms.mend(item)));
    made.append(button("不要了", () => drop(item.key)));
  }
  return made;
}

function button(words, work) {
  const made = document.createElement("button");
  made.type = "button";
  made.className = "second";
  made.textContent = words;
  made.addEventListener("click", work);
  return made;
}

// -- one section at a time

async function go() {
  const wanted = location.hash.slice(1);
  const chosen = sections.find((each) => each.id === wanted) ?? sections[0];
  for (const each of sections) each.hidden = each !== chosen;
  for (const link of document.querySelectorAll(".tabs a")) {
    if (link.hash === `#${chosen.dataset.tab ?? chosen.id}`) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
  }
  window.scrollTo(0, 0);
  if (wanted) chosen.querySelector("h2").focus({ preventScroll: true });
  if (chosen.id === "camera") await camera.open();
  else camera.close();
  await forms.shown(chosen.id);
  if (["today", "receipts"].includes(chosen.id)) await refresh();
}

async function again() {
  await flush();
  if (!document.hidden) await refresh();
}

async function start() {
  const person = document.querySelector('meta[name="kebu-person"]').content;
  if ((await known("person")) !== person) {
    await forget();
    await know("person", person);
  }
  if ("serviceWorker" in navigator) navigator.serviceWorker.register("/sw.js");
  navigator.storage?.persist?.();
  onChange(showQueue);
  await showQueue();
  await refresh();
  await forms.start();
  await go();
  window.addEventListener("hashchange", go);
  window.addEventListener("online", again);
  document.addEventListener("visibilitychange", () => document.hidden || again());
  document.getElementById("resend").addEventListener("click", again);
  setInterval(again, EVERY);
  document.body.dataset.ready = "";
  await flush();
}

start();
