// Draws data.rows as a table; tells the page of sorting, selecting and opening: see pages/runs/table.py. Texts are only ever text.
// Rows that are drawn already are changed where they stand, so that a click, the focus or the pointer's mark outlives a refresh.

function element(tag, className, text) {
  const made = document.createElement(tag);
  if (className) made.className = className;
  if (text !== undefined) made.textContent = text;
  return made;
}

function link({ text, href, parameter, value }) {
  const made = element("a", "", text);
  made.href = href;
  made.dir = "auto";
  Object.assign(made.dataset, { parameter, value });
  return made;
}

function dotted({ text, lead, hover, light, dark }) {
  const made = element("span", "runs-dotted");
  if (lead) made.append(element("span", "runs-lead", lead));
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
  link: (cell) => cell.links.map(link),
  dotted: (cell) => cell.parts.map(dotted),
  tags: (cell) => cell.parts.map((text) => element("span", "runs-tag", text)),
};

function checkbox(words) {
  const made = element("input");
  made.type = "checkbox";
  made.setAttribute("aria-label", words);
  return made;
}

function row(run, data, node) {
  const line = element("tr", node.picked.has(run.id) ? "runs-picked" : "");
  line.dataset.row = run.id;
  const pick = element("td", "runs-pick");
  const box = checkbox(`Select ${run.name}`);
  box.dataset.run = run.id;
  pick.append(box);
  line.append(pick);
  run.cells.forEach((cell, place) => {
    const { name, number } = data.columns[place];
    const made = element("td", `runs-of-${name}${number ? " runs-number" : ""}`);
    if (cell.hover) made.title = cell.hover;
    const inner = element("div", cell.parts?.length > 1 ? "runs-cell runs-several" : "runs-cell");
    inner.append(...DRAW[cell.kind](cell));
    made.append(inner);
    line.append(made);
  });
  return line;
}

function head(data) {
  const line = element("tr");
  const all = element("th", "runs-pick");
  all.scope = "col";
  const box = checkbox("Select all runs on this page");
  box.dataset.all = "1";
  all.append(box);
  line.append(all);
  const [column, descending] = [data.order.replace(/^-/, ""), data.order.startsWith("-")];
  for (const { name, head, number } of data.columns) {
    const cell = element("th", `runs-of-${name}${number ? " runs-number" : ""}`);
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
    cell.append(button);
    line.append(cell);
  }
  const made = element("thead");
  made.append(line);
  return made;
}

// Makes what is drawn like `fresh`, text by text and attribute by attribute; only what has another shape is replaced.
function patch(drawn, fresh) {
  if (drawn.nodeName !== fresh.nodeName || drawn.childNodes.length !== fresh.childNodes.length) return drawn.replaceWith(fresh);
  if (drawn.nodeType === Node.TEXT_NODE) {
    if (drawn.data !== fresh.data) drawn.data = fresh.data;
    return;
  }
  for (const { name } of [...drawn.attributes]) if (!fresh.hasAttribute(name)) drawn.removeAttribute(name);
  for (const { name, value } of fresh.attributes) if (drawn.getAttribute(name) !== value) drawn.setAttribute(name, value);
  const news = [...fresh.childNodes];
  [...drawn.childNodes].forEach((child, place) => patch(child, news[place]));
}

// The same for rows, each known by its run: those that are gone go, new ones come, and only what changed its place moves.
function patchRows(body, lines) {
  const known = new Map([...body.rows].map((line) => [line.dataset.row, line]));
  const wanted = new Set(lines.map((line) => line.dataset.row));
  for (const [run, line] of known) if (!wanted.has(run)) line.remove();
  lines.forEach((line, place) => {
    const drawn = known.get(line.dataset.row);
    if ((drawn ?? line) !== body.rows[place]) body.insertBefore(drawn ?? line, body.rows[place] ?? null);
    if (drawn) patch(drawn, line);
  });
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
    const [opened, sorted] = [target.closest("a"), target.closest("button[data-sort]")];
    if (sorted) return tell("sort", sorted.dataset.sort);
    if (opened) {
      if (event.ctrlKey || event.metaKey || event.shiftKey || event.button) return; // a tab of its own
      event.preventDefault();
      return tell("open", { [opened.dataset.parameter]: opened.dataset.value });
    }
    if (String(getSelection())) return;
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

// Says at its edges that there is more to the left or right, and lets the keyboard scroll there.
function tellEdges(node) {
  const beyond = node.scrollWidth - node.clientWidth;
  node.parentElement.classList.toggle("runs-more-before", node.scrollLeft > 1);
  node.parentElement.classList.toggle("runs-more-after", node.scrollLeft < beyond - 1);
  if (beyond > 1) node.tabIndex = 0;
  else node.removeAttribute("tabindex");
}

function begin(node) {
  const table = element("table");
  table.append(element("thead"), element("tbody"));
  node.replaceChildren(table);
  node.onscroll = () => tellEdges(node);
  const resized = new ResizeObserver(() => tellEdges(node));
  resized.observe(node);
  resized.observe(table);
}

export default function ({ data, parentElement, setTriggerValue }) {
  const node = parentElement.querySelector(".runs");
  if (!node.firstElementChild) begin(node);
  if (node.epoch !== data.epoch) {
    node.epoch = data.epoch;
    node.picked = new Set(data.selected);
  }
  const focused = focusedIn(node);
  const table = node.firstElementChild;
  patch(table.tHead, head(data));
  patchRows(table.tBodies[0], data.rows.map((run) => row(run, data, node)));
  selecting(node, (name, value) => setTriggerValue(name, value));
  if (focused) {
    const again = node.querySelector(focused); // a row that has moved loses the focus
    if (again !== document.activeElement) again?.focus({ preventScroll: true });
  }
}
