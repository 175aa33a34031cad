// Conditions of a form's questions: the same strict subset of JsonLogic as bakhong/eforms/rules/logic.py, tested against it.
//
//   data-conditions  on the wrapper of a page's questions: JSON, code → answers of other pages that its rules ask for
//   data-dense       around several such pages on one screen
//   data-show-if     on a question or group: the rule; data-path its path, data-kind its type, data-row "children.0" inside a group
//
// Without this script a page shows what held when it was last saved; the server decides in any case.
const DEEPEST = 12;
const ORDERS = {
  "<": (order) => order < 0,
  "<=": (order) => order <= 0,
  ">": (order) => order > 0,
  ">=": (order) => order >= 0,
};
const COUNTS = { "==": 2, "!=": 2, in: 2, "!": 1, "<": 2, "<=": 2, ">": 2, ">=": 2 };

const isObject = (value) => value !== null && typeof value === "object" && !Array.isArray(value);
const isScalar = (value) => value === null || ["string", "number", "boolean"].indexOf(typeof value) >= 0;
const has = (object, name) => Object.prototype.hasOwnProperty.call(object, name);
const same = (left, right) => isScalar(left) && left === right;

// By code points, as Python orders texts; JavaScript's own order is by UTF-16 units.
function order(left, right) {
  if (typeof left === "number") return left - right;
  const a = Array.from(left), b = Array.from(right);
  for (let at = 0; at < a.length && at < b.length; at++) {
    const difference = a[at].codePointAt(0) - b[at].codePointAt(0);
    if (difference) return difference;
  }
  return a.length - b.length;
}

function ordered(name, left, right) {
  const isPair = typeof left === typeof right && (typeof left === "number" || typeof left === "string");
  return isPair && ORDERS[name](order(left, right));
}

function lookUp(path, data) {
  let found = data;
  path.split(".").forEach((part) => {
    if (Array.isArray(found)) found = /^[0-9]{1,5}$/.test(part) && +part < found.length ? found[+part] : null;
    else if (isObject(found)) found = has(found, part) && found[part] !== undefined ? found[part] : null;
    else found = null;
  });
  return found;
}

function operator(rule) {
  if (!isObject(rule) || Object.keys(rule).length !== 1) throw new Error("no rule");
  const name = Object.keys(rule)[0], given = rule[name];
  if (name === "var") {
    if (typeof given !== "string" || !given) throw new Error("no variable");
    return [name, [given]];
  }
  if (name !== "and" && name !== "or" && !has(COUNTS, name)) throw new Error("no operator");
  const operands = Array.isArray(given) ? given : name === "!" ? [given] : [];
  if (!operands.length || (has(COUNTS, name) && operands.length !== COUNTS[name])) throw new Error("operands");
  return [name, operands];
}

function value(rule, data, depth) {
  if (depth > DEEPEST) throw new Error("too deep");
  if (isScalar(rule) || Array.isArray(rule)) return rule;
  const found = operator(rule), name = found[0], operands = found[1];
  if (name === "var") return lookUp(operands[0], data);
  const holds = (each) => value(each, data, depth + 1) === true;
  if (name === "and") return operands.every(holds);
  if (name === "or") return operands.some(holds);
  const values = operands.map((each) => value(each, data, depth + 1));
  if (name === "!") return values[0] !== true;
  if (name === "==") return same(values[0], values[1]);
  if (name === "!=") return !same(values[0], values[1]);
  if (name === "in") return Array.isArray(values[1]) && values[1].some((each) => same(values[0], each));
  return ordered(name, values[0], values[1]);
}

const evaluate = (rule, data) => rule === null || value(rule, data, 0) === true;

// What a question's boxes hold, as the server would read it, as far as conditions need it.
function answer(box) {
  const kind = box.getAttribute("data-kind");
  const inputs = Array.prototype.slice.call(box.querySelectorAll("input:not([type=hidden]), select, textarea"));
  const ticked = inputs.filter((input) => input.checked).map((input) => input.value);
  if (kind === "choices") return ticked.length ? ticked : null;
  if (kind === "yes_no") return ticked.length ? ticked[0] === "yes" : null;
  if (kind === "choice" && inputs[0] && inputs[0].type === "radio") return ticked.length ? ticked[0] : null;
  const text = inputs[0] && inputs[0].type !== "file" ? inputs[0].value.trim().replace(/\s+/g, " ") : "";
  return text ? READ[kind] ? READ[kind](text) : text : null;
}

const READ = {
  number: (text) => {
    const plain = /^-?\d{1,3}(\.\d{3})+(,\d+)?$/.test(text) ? text.replace(/\./g, "") : text;
    return /^-?\d{1,16}([.,]\d{1,4})?$/.test(plain) ? +plain.replace(",", ".") : null;
  },
  money: (text) => {
    const digits = text.replace(/\s*(đồng|đ|vnđ|vnd)\s*$/i, "").replace(/[.,\s]/g, "");
    return /^[0-9]{1,15}$/.test(digits) ? +digits : null;
  },
  national_id: (text) => {
    const digits = text.replace(/[\s.-]/g, "");
    return /^[0-9]{12}$/.test(digits) ? digits : null;
  },
  date: (text) => {
    const parts = text.split(/[/.\- ]/).map(Number);
    const pad = (number) => ("0" + number).slice(-2);
    if (parts.some(isNaN) || !parts.length || parts.length > 3) return null;
    if (parts[0] < 1000) parts.reverse();
    return parts[0] < 1850 || parts[0] > 2150 ? null : [parts[0]].concat(parts.slice(1).map(pad)).join("-");
  },
};

// A row's answers, which a rule may ask for under the group's code too.
function rowOf(row, data, rows) {
  if (!rows[row]) {
    const parts = row.split(".");
    data[parts[0]] = Array.isArray(data[parts[0]]) ? data[parts[0]] : [];
    data[parts[0]][+parts[1]] = rows[row] = {};
  }
  return rows[row];
}

function watch(page) {
  const boxes = Array.prototype.slice.call(page.querySelectorAll("[data-path], [data-show-if]"));
  const others = {};
  [page].concat(Array.prototype.slice.call(page.querySelectorAll("[data-conditions]"))).forEach((part) => {
    try { Object.assign(others, JSON.parse(part.getAttribute("data-conditions"))); } catch (_) { /* nothing to add */ }
  });
  const refresh = () => {
    const data = Object.assign({}, others), rows = {};
    boxes.forEach((box) => {
      const row = box.getAttribute("data-row"), path = box.getAttribute("data-path"), rule = box.getAttribute("data-show-if");
      const group = path ? box.parentNode.closest("fieldset[hidden]") : null;
      if (group) return;
      const own = row ? rowOf(row, data, rows) : data;
      if (rule) {
        let isShown = false;
        try { isShown = evaluate(JSON.parse(rule), Object.assign({}, data, row ? own : {})); } catch (_) { return; }
        box.hidden = !isShown;
      }
      if (!path) return;
      if (box.hidden) delete own[path.split(".").pop()];
      // What is locked has no box; the server says what it is.
      else if (box.querySelector("input, select, textarea")) own[path.split(".").pop()] = answer(box);
    });
  };
  page.addEventListener("input", refresh);
  page.addEventListener("change", refresh);
  refresh();
}

if (typeof document !== "undefined") {
  Array.prototype.forEach.call(document.querySelectorAll("[data-dense], [data-conditions]"), (part) => {
    if (part.hasAttribute("data-dense") || !part.closest("[data-dense]")) watch(part);
  });
}
self.bkHolds = evaluate; // for whoever tests it against the server
