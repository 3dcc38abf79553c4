// The live camera: the shutter takes the picture, the place and the phone's time, and answers the door's word.
import { ask } from "./net.js";
import { add, flush } from "./queue.js";
import { all, freshKey, know, known, put, remove } from "./store.js";

const FRESH = 200_000; // milliseconds for which a word still makes a picture live when it is sent at once
const KEPT = 24 * 3_600_000; // for how long the phone offers a picture
const video = document.getElementById("video");
const shutter = document.getElementById("shutter");
const told = document.getElementById("camera-told");
const place = document.getElementById("place");
const shots = document.getElementById("shots");
let stream = null;
let watching = null;
let fix = null;
let word = null; // { text, at }: not yet answered

export async function open() {
  told.hidden = true;
  watchPlace();
  freshWord();
  try {
    stream ??= await navigator.mediaDevices.getUserMedia({
      audio: false,
      video: { facingMode: "environment", width: { ideal: 4096 }, height: { ideal: 3072 } },
    });
    video.srcObject = stream;
    await video.play();
    shutter.disabled = false;
  } catch (error) {
    say(cameraWords(error), "refuse");
  }
  await show();
}

export function close() {
  stream?.getTracks().forEach((track) => track.stop());
  stream = null;
  video.srcObject = null;
  shutter.disabled = true;
  if (watching !== null) navigator.geolocation.clearWatch(watching);
  watching = null;
}

function cameraWords(error) {
  if (error?.name === "NotAllowedError") return "没有允许使用相机。请在浏览器的网站设置里允许相机，再打开“拍照”。";
  if (error?.name === "NotFoundError") return "没有找到相机。";
  return "打不开相机，可能正被别的程序使用。";
}

function watchPlace() {
  place.textContent = "正在定位……";
  if (!("geolocation" in navigator)) {
    place.textContent = "这部手机没有定位功能，照片会没有位置，由审批人核实。";
    return;
  }
  watching ??= navigator.geolocation.watchPosition(located, unlocated, { enableHighAccuracy: true, maximumAge: 10_000 });
}

function located({ coords, timestamp }) {
  fix = { lat: coords.latitude, lon: coords.longitude, accuracy: coords.accuracy, at: timestamp };
  know("fix", fix);
  place.textContent = `已定位，精度约 ${Math.round(coords.accuracy)} 米`;
}

function unlocated(error) {
  fix = null;
  place.textContent = error.code === error.PERMISSION_DENIED
    ? "没有允许定位。仍可拍照，但照片没有位置，由审批人核实；请在浏览器的网站设置里允许定位。"
    : "暂时定不了位。仍可拍照，但照片没有位置，由审批人核实；请到窗边或室外再试。";
}

async function freshWord() {
  try {
    const said = await ask("/api/challenge", 5);
    word = { text: said.challenge, at: Date.now() };
    await know("challenge", said.challenge);
  } catch (error) {
    // Without network the last word serves: the door will know that the picture came late.
  }
}

async function answer() {
  if (!word || Date.now() - word.at > FRESH) {
    word = null;
    await freshWord();
  }
  const used = word;
  word = null;
  if (used) return { challenge: used.text, late: false };
  return { challenge: (await known("challenge")) ?? "", late: true };
}

async function picture() {
  const bitmap = await still();
  const canvas = document.createElement("canvas");
  canvas.width = bitmap.width;
  canvas.height = bitmap.height;
  canvas.getContext("2d").drawImage(bitmap, 0, 0);
  bitmap.close?.();
  return canvas;
}

// The camera's full resolution where the browser can give it, otherwise the finder's picture.
async function still() {
  if ("ImageCapture" in window) {
    try {
      const capture = new ImageCapture(stream.getVideoTracks()[0]);
      const late = new Promise((_, reject) => setTimeout(reject, 4_000, new Error("slow")));
      return await createImageBitmap(await Promise.race([capture.takePhoto(), late]));
    } catch (error) {
      // Some phones promise photos and give none.
    }
  }
  return createImageBitmap(video);
}

const encoded = (canvas, quality) => new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg", quality));

async function thumbnail(canvas) {
  const small = document.createElement("canvas");
  small.width = 160;
  small.height = Math.round((160 * canvas.height) / canvas.width);
  small.getContext("2d").drawImage(canvas, 0, 0, small.width, small.height);
  return encoded(small, 0.7);
}

async function take() {
  shutter.disabled = true;
  try {
    const answered = await answer();
    if (!answered.challenge) throw new Error("请先在有网络的地方打开一次手机门。");
    const canvas = await picture();
    const at = Date.now();
    const here = fix && at - fix.at < 60_000 ? fix : null;
    const shot = { ...answered, phone_at: at };
    if (here) Object.assign(shot, { lat: here.lat, lon: here.lon, accuracy: here.accuracy });
    const key = freshKey();
    await put("pictures", { key, at, thumb: await thumbnail(canvas), state: "waiting", used: false });
    await add({ key, kind: "picture", title: "照片", shot, blob: await encoded(canvas, 0.92) });
    await flush();
    const mine = (await all("pictures")).find((each) => each.key === key);
    if (mine?.state === "sent") say(mine.live ? "照片已送达，可以填拜访记录了。" : "照片已送达，记为离线拍摄。", "good");
    else say("照片已留在手机上，有网络时自动送达。", "flag");
  } catch (error) {
    say(error.message, "refuse");
  } finally {
    shutter.disabled = stream === null;
  }
  freshWord();
  await show();
}

function say(words, weight) {
  told.textContent = words;
  told.className = `note ${weight}`;
  told.hidden = false;
}

// Pictures of the last day that no form has used yet; older ones are forgotten once they were delivered.
export async function recent() {
  const found = await all("pictures");
  for (const old of found.filter((each) => each.state === "sent" && Date.now() - each.at > KEPT)) {
    await remove("pictures", old.key);
  }
  return found.filter((each) => !each.used && Date.now() - each.at <= KEPT).sort((one, other) => other.at - one.at);
}

export const clock = (at) => new Date(at).toLocaleTimeString("zh-CN", { hour: "2-digit", minute: "2-digit", hour12: false });

export const stateWords = (each) => (each.state !== "sent" ? "未送达" : each.live ? "已送达" : "离线拍摄");

async function show() {
  const found = await recent();
  shots.replaceChildren(...found.map((each) => {
    const item = document.createElement("li");
    const image = document.createElement("img");
    image.src = URL.createObjectURL(each.thumb);
    image.alt = `${clock(each.at)} 拍的照片`;
    const caption = document.createElement("p");
    caption.textContent = `${clock(each.at)} ${stateWords(each)}`;
    item.append(image, caption);
    return item;
  }));
}

shutter.addEventListener("click", take);
setInterval(() => stream && (!word || Date.now() - word.at > FRESH / 2) && freshWord(), 30_000);
