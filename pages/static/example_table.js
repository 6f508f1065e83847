// Draws data.rows as a table; opening a row tells the page its id: see pages/example_table.py. Texts are only ever text.

function element(tag, className, text) {
  const made = document.createElement(tag);
  if (className) made.className = className;
  if (text !== undefined) made.textContent = text;
  return made;
}

function texts(values) {
  const cell = element("td", "examples-texts");
  for (const { value, quiet } of values) {
    const line = element("div", quiet ? "examples-text examples-quiet" : "examples-text", value);
    line.dir = "auto";
    line.title = value;
    cell.append(line);
  }
  return cell;
}

function plain(value, className) {
  const cell = element("td", className);
  const text = element("div", "examples-answer", value);
  text.dir = "auto";
  text.title = value;
  cell.append(text);
  return cell;
}

function said(answer) {
  if (!answer) {
    const cell = element("td", "examples-none", "–");
    cell.title = "This model was not asked this example: its dev set was another one.";
    return cell;
  }
  const cell = element("td", answer.right ? "examples-right" : "examples-wrong");
  const line = element("div", "examples-said");
  const sign = element("span", "examples-sign", answer.right ? "✓" : "✗");
  sign.setAttribute("aria-label", answer.right ? "right" : "wrong");
  const text = element("span", "examples-answer", answer.answer);
  text.dir = "auto";
  text.title = answer.answer;
  line.append(sign, text, element("span", "examples-confidence", answer.confidence));
  cell.append(line);
  return cell;
}

function row(example, data, open) {
  const line = element("tr", example.id === data.open ? "examples-open" : "");
  line.dataset.example = example.id;
  const place = element("td", "examples-place");
  const button = element("button", "", example.place);
  button.type = "button";
  button.dataset.example = example.id;
  button.setAttribute("aria-label", `Open example ${example.place}`);
  button.setAttribute("aria-expanded", String(example.id === data.open));
  place.append(button);
  line.append(place, texts(example.texts), plain(example.gold, "examples-gold"), ...example.said.map(said));
  line.addEventListener("click", () => {
    if (!String(getSelection())) open(example.id);
  });
  return line;
}

function head(data) {
  const line = element("tr");
  for (const { text, hint, className } of data.heads) {
    const cell = element("th", className, text);
    cell.scope = "col";
    if (hint) cell.title = hint;
    line.append(cell);
  }
  const made = element("thead");
  made.append(line);
  return made;
}

// Elsewhere these keys mean something else: in a field, a list, a set of choices.
const FIELDS = "input, textarea, select, [contenteditable=true], [role=combobox], [role=listbox], [role=radiogroup], [role=slider], [role=tablist], [role=dialog], [role=menu]";

const buttonOf = (node, id) => node.querySelector(`button[data-example="${CSS.escape(id)}"]`);
const scrollTo = (node, id) => buttonOf(node, id)?.closest("tr").scrollIntoView({ block: "nearest" });

function focus(node, id) {
  buttonOf(node, id)?.focus({ preventScroll: true });
  scrollTo(node, id);
}

// The opened example appears beside its row, or above the table, some time after: the row stays in sight meanwhile,
// until the reader scrolls or presses something.
function keepInSight(node, id) {
  node.kept?.disconnect();
  focus(node, id);
  const kept = new ResizeObserver(() => scrollTo(node, id));
  kept.observe(node.closest("[data-testid=stMainBlockContainer]"));
  node.kept = kept;
  const end = () => kept.disconnect();
  for (const done of ["wheel", "pointerdown", "touchmove", "keydown"]) document.addEventListener(done, end, { once: true, passive: true });
  setTimeout(end, 10000);
}

// Up and down go from button to button where no example is open; where one is, they open the one beside it.
function walk(event, node, data, open) {
  const step = { ArrowDown: 1, ArrowUp: -1, j: 1, k: -1 }[event.key];
  if (event.ctrlKey || event.metaKey || event.altKey || event.shiftKey || event.target.closest?.(FIELDS)) return;
  if (data.open && event.key === "Escape") return open("");
  if (!step) return;
  const ids = data.rows.map((row) => row.id);
  const inside = node.contains(document.activeElement);
  if (data.open) {
    const place = ids.indexOf(data.open);
    const beyond = data.open === data.answered && (step > 0 ? data.after : data.before); // on another page
    const next = (place >= 0 && ids[place + step]) || beyond;
    event.preventDefault();
    if (next) open(next);
  } else if (inside && event.key.startsWith("Arrow")) {
    event.preventDefault();
    focus(node, ids[ids.indexOf(document.activeElement.dataset.example) + step]);
  }
}

export default function ({ data, parentElement, setTriggerValue }) {
  const node = parentElement.querySelector(".examples");
  const inside = node.contains(document.activeElement) && document.activeElement.dataset.example;
  data.answered = data.open; // what the page has drawn; `open` is what was chosen since
  const open = (id) => {
    data.open = id;
    for (const line of node.querySelectorAll("tbody tr")) line.classList.toggle("examples-open", line.dataset.example === id);
    keepInSight(node, id);
    setTriggerValue("open", id);
  };
  const table = element("table", data.rows[0]?.said.length > 2 ? "examples-many" : "");
  const body = element("tbody");
  body.append(...data.rows.map((example) => row(example, data, open)));
  table.append(head(data), body);
  node.replaceChildren(table);
  if (node.shown !== data.open) keepInSight(node, data.open); // opened by a link or a button
  else if (inside) buttonOf(node, inside)?.focus({ preventScroll: true });
  node.shown = data.open;
  document.removeEventListener("keydown", node.walk);
  node.walk = (event) => walk(event, node, data, open);
  document.addEventListener("keydown", node.walk);
  return () => document.removeEventListener("keydown", node.walk);
}
