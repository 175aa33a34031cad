// Help for residents' forms. Every page works without it.
//
//   data-keep      on a form; what is typed and not sent is saved when the page is left (the way back, a closed tab, a call)
//   data-shrink    on a file input; photos are made smaller before they are sent. The server does the same with what arrives large
//   data-read-card on a hidden file input; where the browser itself reads QR codes, a photo of the card fills the field that the
//                  attribute names. The photo stays on the phone
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

function keep(form) {
  let isTouched = false;
  const save = () => {
    if (!isTouched || !window.fetch) return;
    isTouched = false;
    const typed = new URLSearchParams();
    new FormData(form).forEach((value, name) => typeof value === "string" && typed.append(name, value));
    typed.set("keep", "1");
    fetch(form.action || location.href, { method: "POST", body: typed, credentials: "same-origin", keepalive: true })
      .catch(() => { isTouched = true; });
  };
  form.addEventListener("input", () => { isTouched = true; });
  form.addEventListener("submit", () => { isTouched = false; });
  window.addEventListener("pagehide", save);
  document.addEventListener("visibilitychange", () => document.visibilityState === "hidden" && save());
}

function readCard(input) {
  if (!window.BarcodeDetector || !window.createImageBitmap) return;
  const field = document.getElementById(input.getAttribute("data-read-card"));
  const said = document.getElementById(input.id + "-said");
  window.BarcodeDetector.getSupportedFormats().then((formats) => {
    if (formats.indexOf("qr_code") < 0) return;
    input.parentNode.hidden = false;
    input.addEventListener("change", () => {
      if (!input.files[0]) return;
      bitmapOf(input.files[0])
        .then((bitmap) => new window.BarcodeDetector({ formats: ["qr_code"] }).detect(bitmap))
        .then((found) => {
          if (found.length) field.value = found[0].rawValue;
          said.textContent = said.getAttribute(found.length ? "data-yes" : "data-no");
        })
        .catch(() => { said.textContent = said.getAttribute("data-no"); });
    });
  }).catch(() => undefined);
}

const each = (selector, deed) => Array.prototype.forEach.call(document.querySelectorAll(selector), deed);
each("[data-shrink]", (input) => input.addEventListener("change", () => shrink(input)));
each("form[data-keep]", keep);
each("[data-read-card]", readCard);
