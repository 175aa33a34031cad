// The page of a charge. It works without this: texts can be selected, and the page loads itself anew.
//
//   data-copy         on a button; its value is copied when pressed
//   data-copied-said  on the line that says so
//   data-wait         the address that says how the charge stands; data-mark what it said when the page was made. Asked every three
//                     seconds while the page is seen; where it says something else, the page is fetched anew
const EVERY = 3000;
const LONGEST = 20 * 60 * 1000; // then the reader presses the link

const said = document.querySelector("[data-copied-said]");

// Where the site has no certificate there is no clipboard: the old way.
function copyOldWay(text) {
  const box = document.createElement("textarea");
  box.value = text;
  box.setAttribute("readonly", "");
  document.body.appendChild(box);
  box.select();
  box.setSelectionRange(0, text.length);
  const isDone = document.execCommand("copy");
  document.body.removeChild(box);
  return isDone ? Promise.resolve() : Promise.reject();
}

function copy(text) {
  if (!navigator.clipboard) return copyOldWay(text);
  return navigator.clipboard.writeText(text).catch(() => copyOldWay(text));
}

Array.prototype.forEach.call(document.querySelectorAll("[data-copy]"), (button) => {
  button.hidden = false;
  button.addEventListener("click", () => {
    copy(button.getAttribute("data-copy")).then(() => {
      if (said) said.textContent = said.getAttribute("data-copied-said");
    }).catch(() => undefined);
  });
});

const waits = document.querySelector("[data-wait]");
if (waits && window.fetch) {
  const since = Date.now();
  const mark = waits.getAttribute("data-mark");
  let asking = false;
  const ask = () => {
    if (asking || document.visibilityState === "hidden" || Date.now() - since > LONGEST) return;
    asking = true;
    fetch(waits.getAttribute("data-wait"), { credentials: "same-origin" })
      .then((answer) => answer.ok ? answer.json() : null)
      .then((told) => {
        asking = false;
        if (told && told.mark !== mark) location.reload();
      })
      .catch(() => { asking = false; });
  };
  setInterval(ask, EVERY);
  // Whoever comes back from the bank's app does not wait.
  document.addEventListener("visibilitychange", ask);
}
