// How the page speaks with the door: answers are data, refusals carry words, no network is a refusal of its own.
const word = document.querySelector('meta[name="kebu-page"]')?.content ?? "";

export class Refused extends Error {
  constructor(status, said) {
    super(said.words ?? "服务器没有应答");
    this.status = status;
    this.code = said.code ?? "";
    this.fields = said.fields ?? {};
  }
}

export class NoNetwork extends Error {}

async function answer(path, given) {
  let response;
  try {
    response = await fetch(path, { credentials: "same-origin", ...given });
  } catch (error) {
    throw new NoNetwork("没有网络");
  }
  if ([502, 503, 504].includes(response.status) && !response.headers.get("content-type")?.includes("json")) {
    throw new NoNetwork("服务器暂时不可达");
  }
  let said = {};
  try {
    said = await response.json();
  } catch (error) {
    if (response.ok) throw new NoNetwork("没有收完应答");
  }
  if (!response.ok) throw new Refused(response.status, said);
  return said;
}

export const ask = (path, seconds = 15) => answer(path, { signal: AbortSignal.timeout(seconds * 1000) });

export const sendForm = (path, body) =>
  answer(path, {
    method: "POST",
    headers: { "Content-Type": "application/json", "X-Kebu-Page": word },
    body: JSON.stringify(body),
    signal: AbortSignal.timeout(60_000),
  });

export const sendPicture = (key, shot, blob) =>
  answer("/api/picture", {
    method: "POST",
    headers: { "Content-Type": "image/jpeg", "X-Kebu-Page": word, "X-Kebu-Shot": JSON.stringify({ key, shot }) },
    body: blob,
    signal: AbortSignal.timeout(300_000),
  });
