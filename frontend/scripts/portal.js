// Help for residents' forms, and for the form that staff fill in with them. Every page works without it.
//
//   data-keep      on a form; what is typed and not sent is saved five seconds after the last letter, when the page is left (the way back, a
//                  closed tab, a call) and when there is a network again. In it: data-kept and data-not-kept on a line of status, the words
//                  said of it (409 with a sentence: somebody else was there before, which is said instead); data-restore on a hidden line
//                  with a button, which brings back what a dead network or tab had not stored
//   data-leave     on the form with which a shared machine is left: what the tab still holds goes
//   data-shrink    on a file input; photos are made smaller before they are sent. The server does the same with what arrives large
//   data-read-code on a file input; where the browser itself reads QR codes, the code in the photo fills the field that the attribute
//                  names, and the photo stays on the phone. Anywhere else it is sent, and the server reads it
const LONGEST = 2000; // pixels
const SMALL = 300 * 1024; // bytes; below it a photo is left as it is

// Fails where the browser would lose which way is up: then the photo is sent as it is.
function bitmapOf(file) {
  return createImageBitmap(file, { imageOrientation: "from-image" });
}

function smaller(file) {
  return bitmapOf(file).then((bitmap) => {
    const scale = Math.min(1, LONGEST / Math.max(bitmap.width, bitmap.height));
    const canvas = document.createElement("canvas");
    canvas.width = Math.round(bitmap.width * scale);
    canvas.height = Math.round(bitmap.height * scale);
    canvas.getContext("2d").drawImage(bitmap, 0, 0, canvas.width, canvas.height);
    bitmap.close();
    return new Promise((done) => canvas.toBlob(done, "image/jpeg", 0.8));
  }).then((blob) => blob && blob.size < file.size
    ? new File([blob], file.name.replace(/\.\w+$/, "") + ".jpg", { type: "image/jpeg" })
    : file);
}

function shrink(input) {
  const isPhoto = (file) => /^image\//.test(file.type) && file.size > SMALL;
  const files = Array.prototype.slice.call(input.files || []);
  if (!window.createImageBitmap || !window.DataTransfer || !files.some(isPhoto)) return;
  const send = input.form && input.form.querySelector("[type=submit], button:not([type])");
  if (send) send.disabled = true;
  Promise.all(files.map((file) => isPhoto(file) ? smaller(file).catch(() => file) : file)).then((ready) => {
    const kept = new DataTransfer();
    ready.forEach((file) => kept.items.add(file));
    input.files = kept.files;
  }).catch(() => undefined).then(() => {
    if (send) send.disabled = false;
  });
}

// What is typed and not stored yet lies in this tab until it is: no longer, and nowhere else.
const COPY = "typed:" + location.pathname;
let isLeft = false; // whoever leaves a shared machine leaves nothing in it, whatever is still under way

function copied() {
  try { return JSON.parse(sessionStorage.getItem(COPY)); } catch (error) { return null; }
}

function copy(typed) {
  try {
    if (typed && !isLeft) sessionStorage.setItem(COPY, JSON.stringify(typed));
    else sessionStorage.removeItem(COPY);
  } catch (error) { /* a full or forbidden store: the page works without */ }
}

const isAnswer = (name) => name[0] !== "_" && name !== "csrfmiddlewaretoken" && name !== "revision";

function typedIn(form) {
  const typed = [];
  new FormData(form).forEach((value, name) => typeof value === "string" && typed.push([name, value]));
  return typed;
}

function putBack(form, typed) {
  const values = {};
  typed.forEach((pair) => { (values[pair[0]] = values[pair[0]] || []).push(pair[1]); });
  Array.prototype.forEach.call(form.elements, (box) => {
    if (!isAnswer(box.name) || box.type === "file" || box.type === "submit" || box.type === "button") return;
    const said = values[box.name] || [];
    if (box.type === "radio" || box.type === "checkbox") box.checked = said.indexOf(box.value) >= 0;
    else if (said.length) box.value = said[0];
  });
  form.dispatchEvent(new Event("input", { bubbles: true }));
}

function offerBack(form) {
  const line = form.querySelector("[data-restore]");
  const typed = copied();
  const answers = (pairs) => JSON.stringify(pairs.filter((pair) => isAnswer(pair[0])));
  if (!line || !typed) return;
  if (answers(typed) === answers(typedIn(form))) return copy(null);
  line.hidden = false;
  line.querySelector("button").addEventListener("click", () => {
    line.hidden = true;
    putBack(form, typed);
  });
}

function keep(form) {
  const said = form.querySelector("[data-kept]");
  let isTouched = false;
  let timer = 0;
  const tell = (attribute, more) => { if (said) said.textContent = said.getAttribute(attribute) + more; };
  const save = () => {
    clearTimeout(timer);
    if (!isTouched || !window.fetch) return;
    isTouched = false;
    const typed = typedIn(form);
    const body = new URLSearchParams(typed);
    body.set("keep", "1");
    copy(typed);
    fetch(form.action || location.href, { method: "POST", body, credentials: "same-origin", keepalive: true })
      .then((answer) => {
        if (answer.status === 409 && said && /plain/.test(answer.headers.get("Content-Type"))) {
          return answer.text().then((sentence) => { said.textContent = sentence; });
        }
        if (answer.status !== 204) throw new Error("not kept"); // the way to another page says that nothing was stored
        if (!isTouched) copy(null);
        tell("data-kept", " " + new Date().toTimeString().slice(0, 5));
      })
      .catch(() => {
        isTouched = true;
        tell("data-not-kept", "");
        timer = setTimeout(save, 30000);
      });
  };
  form.addEventListener("input", () => {
    isTouched = true;
    clearTimeout(timer);
    timer = setTimeout(save, 5000);
  });
  form.addEventListener("submit", () => {
    if (isTouched) copy(typedIn(form)); // until the next page is there
    isTouched = false;
    clearTimeout(timer);
  });
  window.addEventListener("pagehide", save);
  window.addEventListener("online", save);
  document.addEventListener("visibilitychange", () => document.visibilityState === "hidden" && save());
  offerBack(form);
}

// Another page of the form is there: the one before was stored. Leaving a shared machine leaves nothing in it.
function forget(isAll) {
  isLeft = isAll;
  try {
    Object.keys(sessionStorage).forEach((name) =>
      name.indexOf("typed:") === 0 && (isAll || name !== COPY) && sessionStorage.removeItem(name));
  } catch (error) { /* no store, nothing to forget */ }
}

// Whether the browser found the one code in the photo; the photo is not sent then. Of several somebody has to look at all.
function readCode(input) {
  if (!window.BarcodeDetector || !window.createImageBitmap || !input.files[0]) return Promise.resolve(false);
  return bitmapOf(input.files[0])
    .then((bitmap) => new window.BarcodeDetector({ formats: ["qr_code"] }).detect(bitmap))
    .then((found) => {
      if (found.length !== 1) return false;
      document.getElementById(input.getAttribute("data-read-code")).value = found[0].rawValue;
      input.value = "";
      return true;
    })
    .catch(() => false); // also where its detector knows no QR codes
}

function readOrSend(input) {
  const said = document.getElementById(input.id + "-said");
  said.textContent = "";
  readCode(input).then((isRead) => {
    if (isRead) said.textContent = said.getAttribute("data-yes");
    else shrink(input);
  });
}

const each = (selector, deed) => Array.prototype.forEach.call(document.querySelectorAll(selector), deed);
each("[data-shrink]:not([data-read-code])", (input) => input.addEventListener("change", () => shrink(input)));
if (document.querySelector("form[data-keep]")) forget(false);
each("form[data-keep]", keep);
each("form[data-leave]", (form) => form.addEventListener("submit", () => forget(true)));
each("[data-read-code]", (input) => input.addEventListener("change", () => readOrSend(input)));
