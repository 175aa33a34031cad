// The “chép sang” panel: one key copies a field and goes on to the next, so that an officer only changes windows and pastes.
//
//   data-copying        on the form; its data-url is told which field was copied
//   data-copy-field     on each read-only text box, with the field's code
//   data-copy-next      on the button of the key: copies the field that has the focus (the first one not copied yet), then goes on
//
// Without this script the boxes are selected and copied by hand, and the form's own button says that all of them were.
const panel = document.querySelector("[data-copying]");
if (panel) {
  const boxes = Array.prototype.slice.call(panel.querySelectorAll("[data-copy-field]"));
  const button = panel.querySelector("[data-copy-next]");
  const status = panel.querySelector("[data-copy-status]");
  const isDone = (box) => box.hasAttribute("data-copied");

  const tell = (box) => {
    const body = new FormData();
    body.append("csrfmiddlewaretoken", panel.querySelector("[name=csrfmiddlewaretoken]").value);
    body.append("field", box.getAttribute("data-copy-field"));
    body.append("quiet", "1");
    // A count that does not arrive stops nobody from working; the form's button says it again.
    fetch(panel.action, { method: "POST", body, credentials: "same-origin" }).catch(() => {});
  };

  const copy = (box) => {
    box.focus();
    box.setSelectionRange(0, box.value.length);
    if (!document.execCommand("copy")) return;
    if (!isDone(box)) tell(box);
    box.setAttribute("data-copied", "");
    const mark = box.parentNode.querySelector("[data-copy-mark]");
    if (mark) mark.hidden = false;
    const next = boxes.find((each) => boxes.indexOf(each) > boxes.indexOf(box) && !isDone(each));
    status.textContent = status.getAttribute("data-said").replace("%s", box.getAttribute("aria-label"));
    if (next) next.focus();
  };

  let last = null; // pressing the key moves the focus to the button
  const current = () => (last && !isDone(last) ? last : boxes.find((box) => !isDone(box)));

  button.hidden = false;
  button.addEventListener("mousedown", (event) => event.preventDefault()); // the box keeps the focus
  button.addEventListener("click", () => {
    const box = current();
    if (box) copy(box);
  });
  boxes.forEach((box) => {
    box.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || event.isComposing) return;
      event.preventDefault();
      copy(box);
    });
    box.addEventListener("focus", () => {
      last = box;
      box.setSelectionRange(0, box.value.length);
    });
  });
  const first = boxes.find((box) => !isDone(box));
  if (first) first.focus();
}
