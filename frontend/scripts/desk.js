// Keyboard help for staff. Everything works without it: data-key presses a button or follows a link that is
// on the page anyway.
//
//   data-key="F9"      on a link or button; a plain letter or digit, "Enter", F1–F12, or "Ctrl+Enter", "Alt+X"
//   data-list          on a list; j/k or ↓/↑ move the focus among the links marked data-row
//   data-once          on a form; a second press while it is being sent does nothing
//   data-scan          on a text box; what a scanner types anywhere on the page goes there and is sent
//   data-scan-own      on another text box: what is scanned while the cursor stands in it stays there
//   data-print         on a hidden button; prints the page
//   data-keys-switch   on a button; turns the single-letter keys off and on (WCAG 2.1.4), kept in this browser
const STORE = "bakhong-keys";
let isOn = true;
try {
  isOn = localStorage.getItem(STORE) !== "off";
} catch (_) {
  // Storage is refused in some private windows: the keys stay on.
}

function isTyping(element) {
  return element instanceof HTMLElement &&
    (element.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(element.tagName) &&
      !/^(radio|checkbox|button|submit|reset)$/.test(element.type));
}

function nameOf(event) {
  const key = event.key.length === 1 ? event.key.toUpperCase() : event.key;
  return (event.ctrlKey ? "Ctrl+" : "") + (event.altKey ? "Alt+" : "") + key;
}

function isVisible(element) {
  return !element.disabled && element.getClientRects().length > 0;
}

function targetOf(name) {
  return Array.prototype.find.call(document.querySelectorAll("[data-key]"), (element) => {
    const key = element.getAttribute("data-key");
    return (key.length === 1 ? key.toUpperCase() : key) === name && isVisible(element);
  });
}

function moveInList(step) {
  const rows = Array.prototype.filter.call(document.querySelectorAll("[data-list] [data-row]"), isVisible);
  if (!rows.length) return false;
  const at = rows.indexOf(document.activeElement);
  const next = at < 0 ? (step > 0 ? 0 : rows.length - 1) : Math.min(rows.length - 1, Math.max(0, at + step));
  rows[next].focus();
  return true;
}

// A scanner is a keyboard that types a letter every few milliseconds and ends with Enter. What it typed into another field is
// taken out of there, and its first letter must not pass for a shortcut.
const GAP = 50; // milliseconds between two keys; nobody types ten in a row that fast
const scanBox = document.querySelector("[data-scan]");
let waiting = 0; // a shortcut that waits to see whether it is the first letter of a scan
if (scanBox) {
  let typed = "";
  let last = -GAP;
  let field = null;
  let before = "";
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    const isFast = event.timeStamp - last < GAP;
    last = event.timeStamp;
    if (isFast) clearTimeout(waiting);
    if (event.key.length === 1) {
      if (!isFast) {
        typed = "";
        field = document.activeElement;
        before = isTyping(field) ? field.value : "";
      }
      typed += event.key;
    } else if (event.key === "Enter" && isFast && typed.length >= 10) {
      event.preventDefault();
      event.stopImmediatePropagation();
      const isOwn = isTyping(field) && field.hasAttribute("data-scan-own");
      if (field !== scanBox && !isOwn) {
        if (isTyping(field)) field.value = before;
        scanBox.value = typed;
      }
      typed = "";
      (isOwn ? field : scanBox).form.submit();
    }
  }, true);
}

document.addEventListener("keydown", (event) => {
  // 229 is what a key means while a Vietnamese typing method composes a letter.
  if (event.defaultPrevented || event.isComposing || event.keyCode === 229 || event.metaKey || event.repeat) return;
  const isPlain = event.key.length === 1 && !event.ctrlKey && !event.altKey;
  const isArrow = event.key === "ArrowDown" || event.key === "ArrowUp";
  if ((isPlain || event.key === "Enter") && isTyping(event.target)) return;
  if (isPlain && !isOn) return;
  if (event.key === "Enter" && !event.ctrlKey && event.target !== document.body) return;
  const element = targetOf(nameOf(event));
  if (element) {
    event.preventDefault();
    const press = () => {
      element.focus();
      if (!isTyping(element)) element.click();
    };
    if (scanBox && isPlain) waiting = setTimeout(press, GAP);
    else press();
    return;
  }
  const step = { j: 1, J: 1, ArrowDown: 1, k: -1, K: -1, ArrowUp: -1 }[event.key];
  if (!step || event.ctrlKey || event.altKey || isTyping(event.target)) return;
  const isInList = document.activeElement && document.activeElement.closest("[data-list]");
  if (isArrow && !isInList) return;
  if (moveInList(step)) event.preventDefault();
});

// A form sent twice by an impatient finger: the server refuses the second anyway, this spares the wait.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.hasAttribute("data-once")) return;
  if (form.hasAttribute("data-sent")) event.preventDefault();
  form.setAttribute("data-sent", "");
});
window.addEventListener("pageshow", () => {
  document.querySelectorAll("form[data-sent]").forEach((form) => form.removeAttribute("data-sent"));
});

document.querySelectorAll("[data-keys-switch]").forEach((button) => {
  const show = () => button.setAttribute("aria-pressed", String(isOn));
  button.hidden = false;
  show();
  button.addEventListener("click", () => {
    isOn = !isOn;
    try {
      localStorage.setItem(STORE, isOn ? "on" : "off");
    } catch (_) {
      // It holds for this page only.
    }
    show();
  });
});

// data-leave   on the form that signs out: what a form kept in this tab (portal.js) goes with whoever leaves
document.querySelectorAll("form[data-leave]").forEach((form) => form.addEventListener("submit", () => {
  try {
    sessionStorage.clear();
  } catch (_) {
    // No store, nothing to forget.
  }
}));

// data-copy="id"   on a hidden button; copies what stands in that text box and then says its data-done
document.querySelectorAll("[data-copy]").forEach((button) => {
  const box = document.getElementById(button.getAttribute("data-copy"));
  if (!box) return;
  button.hidden = false;
  button.addEventListener("click", () => {
    box.focus();
    box.setSelectionRange(0, box.value.length);
    // Not the clipboard API: this works on old phones and without https as well.
    if (document.execCommand("copy")) {
      button.textContent = button.getAttribute("data-done");
      button.setAttribute("role", "status");
    }
  });
});

document.querySelectorAll("[data-print]").forEach((button) => {
  button.hidden = false;
  if (button.autofocus) button.focus(); // it was hidden when the browser looked for it
  button.addEventListener("click", () => window.print());
});

// data-reload="4"   on an element: the page is asked for anew after so many seconds, as long as somebody looks at it
const reload = document.querySelector("[data-reload]");
if (reload) {
  setInterval(() => {
    if (!document.hidden && !document.querySelector("form[data-sent]")) location.reload();
  }, Math.max(2, +reload.getAttribute("data-reload") || 5) * 1000);
}

// data-after="name"   on a box: shut, and passed over by Tab, until the select of that name says something
document.querySelectorAll("[data-after]").forEach((box) => {
  const chosen = box.form.elements[box.getAttribute("data-after")];
  const follow = () => { box.disabled = !chosen.value; };
  chosen.addEventListener("change", follow);
  follow();
});

// The error summary takes the focus, so that a screen reader says it and Tab goes to its first link.
const summary = document.querySelector(".govuk-error-summary");
if (summary) summary.focus();

// data-grid   on a table of inputs: Enter and the arrows go from cell to cell, like in a spreadsheet
document.addEventListener("keydown", (event) => {
  const input = event.target;
  const table = input.tagName === "INPUT" && input.closest("[data-grid]");
  if (!table || event.isComposing || event.keyCode === 229 || event.ctrlKey || event.altKey || event.metaKey) return;
  const rows = Array.prototype.map.call(table.tBodies[0].rows, (row) => Array.prototype.slice.call(row.querySelectorAll("input")));
  const down = rows.findIndex((row) => row.indexOf(input) >= 0);
  const across = rows[down].indexOf(input);
  const atStart = input.selectionEnd === 0;
  const atEnd = input.selectionStart === input.value.length;
  const step = { Enter: [event.shiftKey ? -1 : 1, 0], ArrowDown: [1, 0], ArrowUp: [-1, 0],
    ArrowLeft: atStart && [0, -1], ArrowRight: atEnd && [0, 1] }[event.key];
  if (!step) return;
  event.preventDefault(); // Enter must not send a half-filled table
  const next = (rows[down + step[0]] || [])[across + step[1]];
  if (next) {
    next.focus();
    next.select();
  }
});

// The figure being worked on is brought into sight in the text beside it, without moving the page.
const here = document.querySelector(".bk-text .bk-markno[aria-current]");
const pane = here && here.closest(".bk-text");
if (pane && pane.scrollHeight > pane.clientHeight) {
  pane.scrollTop += here.getBoundingClientRect().top - pane.getBoundingClientRect().top - pane.clientHeight / 3;
}
