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

function walk(event) {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  const buttons = [...event.currentTarget.querySelectorAll("button[data-example]")];
  const next = step && buttons[buttons.indexOf(document.activeElement) + step];
  if (next) {
    next.focus();
    event.preventDefault();
  }
}

export default function ({ data, parentElement, setTriggerValue }) {
  const node = parentElement.querySelector(".examples");
  const focused = node.contains(document.activeElement) && document.activeElement.dataset.example;
  const table = element("table", data.rows[0]?.said.length > 2 ? "examples-many" : "");
  const body = element("tbody");
  body.append(...data.rows.map((example) => row(example, data, (id) => setTriggerValue("open", id))));
  table.append(head(data), body);
  table.addEventListener("keydown", walk);
  node.replaceChildren(table);
  if (focused) node.querySelector(`button[data-example="${CSS.escape(focused)}"]`)?.focus({ preventScroll: true });
}
