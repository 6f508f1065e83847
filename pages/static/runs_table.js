// Draws data.rows as a table; tells the page of sorting, selecting and opening: see pages/runs/table.py. Texts are only ever text.

function element(tag, className, text) {
  const made = document.createElement(tag);
  if (className) made.className = className;
  if (text !== undefined) made.textContent = text;
  return made;
}

function link({ text, href, parameter, value }, tell) {
  const made = element("a", "", text);
  made.href = href;
  made.dir = "auto";
  made.addEventListener("click", (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey || event.button) return; // a tab of its own
    event.preventDefault();
    tell("open", { [parameter]: value });
  });
  return made;
}

function dotted({ text, hover, light, dark }) {
  const made = element("span", "runs-dotted");
  const dot = element("span", "runs-dot", "●");
  dot.style.color = `light-dark(${light}, ${dark})`;
  dot.setAttribute("aria-hidden", "true");
  made.append(dot, text);
  if (hover) made.title = hover;
  return made;
}

const DRAW = {
  text: (cell) => [cell.text],
  state: (cell) => {
    const sign = element("span", "runs-sign", cell.icon);
    sign.setAttribute("aria-hidden", "true");
    sign.setAttribute("translate", "no");
    const badge = element("span", `runs-badge runs-${cell.tone}`);
    badge.append(sign, cell.text);
    return [badge];
  },
  link: (cell, tell) => cell.links.map((one) => link(one, tell)),
  dotted: (cell) => cell.parts.map(dotted),
  tags: (cell) => cell.parts.map((text) => element("span", "runs-tag", text)),
};

function checkbox(words, checked) {
  const made = element("input");
  made.type = "checkbox";
  made.checked = checked;
  made.setAttribute("aria-label", words);
  return made;
}

function row(run, data, node, tell) {
  const line = element("tr", node.picked.has(run.id) ? "runs-picked" : "");
  const pick = element("td", "runs-pick");
  const box = checkbox(`Select ${run.name}`, node.picked.has(run.id));
  box.dataset.run = run.id;
  pick.append(box);
  line.append(pick);
  run.cells.forEach((cell, place) => {
    const { name, number } = data.columns[place];
    const made = element("td", `runs-of-${name}${number ? " runs-number" : ""}`);
    if (cell.hover) made.title = cell.hover;
    const inner = element("div", cell.parts?.length > 1 ? "runs-cell runs-several" : "runs-cell");
    inner.append(...DRAW[cell.kind](cell, tell));
    made.append(inner);
    line.append(made);
  });
  return line;
}

function head(data, node, tell) {
  const line = element("tr");
  const all = element("th", "runs-pick");
  all.scope = "col";
  const box = checkbox("Select all runs on this page", false);
  box.dataset.all = "1";
  all.append(box);
  line.append(all);
  const [column, descending] = [data.order.replace(/^-/, ""), data.order.startsWith("-")];
  for (const { name, head, number } of data.columns) {
    const cell = element("th", number ? "runs-number" : "");
    cell.scope = "col";
    const button = element("button", "", head);
    button.type = "button";
    button.dataset.sort = name;
    if (name === column) {
      cell.setAttribute("aria-sort", descending ? "descending" : "ascending");
      const arrow = element("span", "runs-arrow", descending ? " ↓" : " ↑");
      arrow.setAttribute("aria-hidden", "true");
      button.append(arrow);
    }
    button.addEventListener("click", () => tell("sort", name));
    cell.append(button);
    line.append(cell);
  }
  const made = element("thead");
  made.append(line);
  return made;
}

// What is selected is marked at once and told to the page; with shift, all rows since the one before.
function selecting(node, tell) {
  const boxes = () => [...node.querySelectorAll("input[data-run]")];
  const mark = () => {
    const known = boxes();
    for (const box of known) {
      box.checked = node.picked.has(box.dataset.run);
      box.closest("tr").className = box.checked ? "runs-picked" : "";
    }
    const all = node.querySelector("input[data-all]");
    const count = known.filter((box) => box.checked).length;
    all.checked = count > 0 && count === known.length;
    all.indeterminate = count > 0 && count < known.length;
  };
  node.onclick = (event) => {
    const { target } = event;
    if (target.tagName === "A" || target.closest("button") || String(getSelection())) return;
    const known = boxes();
    const box = target.closest("tbody tr")?.querySelector("input[data-run]");
    if (target.dataset.all) {
      for (const one of known) target.checked ? node.picked.add(one.dataset.run) : node.picked.delete(one.dataset.run);
    } else if (box) {
      const on = !node.picked.has(box.dataset.run);
      const [here, before] = [known.indexOf(box), known.findIndex((one) => one.dataset.run === node.last)];
      const range = event.shiftKey && before >= 0 ? [Math.min(here, before), Math.max(here, before)] : [here, here];
      for (const one of known.slice(range[0], range[1] + 1)) {
        on ? node.picked.add(one.dataset.run) : node.picked.delete(one.dataset.run);
      }
      node.last = box.dataset.run;
    } else return;
    mark();
    tell("select", [...node.picked]);
  };
  node.onkeydown = (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const known = boxes();
    const place = known.indexOf(document.activeElement);
    if (step && place >= 0 && known[place + step]) {
      known[place + step].focus();
      event.preventDefault();
    }
  };
  mark();
}

function focusedIn(node) {
  const { run, sort, all } = node.contains(document.activeElement) ? document.activeElement.dataset : {};
  if (all) return "input[data-all]";
  if (run) return `input[data-run="${CSS.escape(run)}"]`;
  return sort ? `button[data-sort="${CSS.escape(sort)}"]` : "";
}

export default function ({ data, parentElement, setTriggerValue }) {
  const node = parentElement.querySelector(".runs");
  const tell = (name, value) => setTriggerValue(name, value);
  if (node.epoch !== data.epoch) {
    node.epoch = data.epoch;
    node.picked = new Set(data.selected);
  }
  const focused = focusedIn(node);
  const table = element("table");
  const body = element("tbody");
  body.append(...data.rows.map((run) => row(run, data, node, tell)));
  table.append(head(data, node, tell), body);
  const left = node.scrollLeft;
  node.replaceChildren(table);
  node.scrollLeft = left;
  selecting(node, tell);
  if (focused) node.querySelector(focused)?.focus({ preventScroll: true });
}
