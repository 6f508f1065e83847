// Draws what mtl_core/charts/theme.py tells of a chart in the colours of a page: {background, text, grid, font, dark}.
// Pages and reports draw with it alike. A node keeps its zoom as long as the chart's `uirevision` stays.

const TOP = 24; // pixels above a plot that asks for none
const SAID = 18; // pixels of a line that a saved figure says more
const SCALES = { png: 2, svg: 1 };
const CONFIG = {
  displaylogo: false,
  showSendToCloud: false,
  responsive: true,
  modeBarButtonsToRemove: ["toImage", "lasso2d", "select2d", "autoScale2d", "zoomIn2d", "zoomOut2d"],
};

function draw(Plotly, node, figure, style, { name, height, width, modebar }) {
  const { data, layout } = themed(figure, style);
  const size = { height, width, autosize: !width };
  node.drawn = { figure, name };
  // made once a node: with other buttons Plotly.react would draw anew and lose the zoom
  node.saveButtons ??= modebar ? Object.keys(SCALES).map((format) => saveButton(Plotly, format)) : [];
  const config = { ...CONFIG, modeBarButtonsToAdd: node.saveButtons };
  const shown = withRoom(layout, width ?? node.clientWidth);
  return Plotly.react(node, data, { uirevision: "kept", ...shown, ...size }, config);
}

// Names at the curves' ends that would take half of a narrow chart: hovering tells them too.
function withRoom(layout, width) {
  if (!layout.meta?.labels_at_ends || layout.margin.r < width / 2) return layout;
  return { ...layout, annotations: [], margin: { ...layout.margin, r: 16 } };
}

function saveButton(Plotly, format) {
  const title = `Save as ${format.toUpperCase()}`;
  const icon = format === "png" ? Plotly.Icons.camera : Plotly.Icons.disk;
  return { name: title, title, icon, click: (node) => save(Plotly, node, format) };
}

function save(Plotly, node, format) {
  const shown = asShown(node.drawn.figure, node);
  const { width, height } = shown.layout;
  return Plotly.downloadImage(shown, { format, filename: node.drawn.name, width, height, scale: SCALES[format] });
}

// The part that is zoomed into and the traces that are not hidden, on white.
function asShown(figure, node) {
  const { data, layout } = onPaper(figure, node.clientWidth, node.clientHeight);
  const axes = Object.keys(node.layout).filter((name) => /^[xy]axis\d*$/.test(name));
  for (const name of axes) layout[name] = { ...layout[name], range: node.layout[name].range, autorange: false };
  return { data: data.map((trace, place) => ({ ...trace, visible: node.data[place].visible ?? true })), layout };
}

function themed(figure, style) {
  const changed = style.dark ? recolored(figure.twins) : (value) => value;
  const layout = { ...changed(figure.layout), template: template(style) };
  return { data: changed(figure.data), layout };
}

function recolored(twins) {
  const channels = (hex) => [1, 3, 5].map((place) => parseInt(hex.slice(place, place + 2), 16)).join(",");
  const whole = new Map(Object.entries(twins).map(([light, dark]) => [light.toLowerCase(), dark]));
  const parts = new Map(Object.entries(twins).map(([light, dark]) => [channels(light), channels(dark)]));
  const color = (text) =>
    whole.get(text.toLowerCase()) ??
    text.replace(/^(rgba?\()\s*(\d+)\s*,\s*(\d+)\s*,\s*(\d+)/i, (all, head, ...rgb) => {
      const found = parts.get(rgb.slice(0, 3).join(","));
      return found ? head + found : all;
    });
  const change = (value) => {
    if (typeof value === "string") return color(value);
    if (Array.isArray(value)) return value.map(change);
    if (value === null || typeof value !== "object") return value;
    if ("bdata" in value) return value; // packed numbers
    return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, change(part)]));
  };
  return change;
}

function template({ background, text, grid, font }) {
  const axis = {
    ...{ gridcolor: grid, linecolor: grid, tickcolor: grid, zerolinecolor: grid },
    ...{ automargin: true, title: { standoff: 8, font: { size: 13 } } },
  };
  return {
    layout: {
      paper_bgcolor: background,
      plot_bgcolor: background,
      font: { family: font, size: 13, color: text },
      margin: { l: 56, r: 16, t: TOP, b: 44 },
      hoverlabel: { bgcolor: background, bordercolor: grid, align: "left", font: { family: font, color: text } },
      modebar: { bgcolor: "rgba(0,0,0,0)", color: grid, activecolor: text },
      xaxis: axis,
      yaxis: axis,
    },
  };
}

// The figure for a place of its own, `width` pixels wide: on white, and saying what the page says beside it.
function onPaper(figure, width, height) {
  const { data, layout } = themed(figure, figure.paper);
  const text = layout.meta?.saved;
  if (!text) return { data, layout: { ...layout, width, height } };
  const corner = { x: 1, xref: "container", xanchor: "right", y: 1, yref: "container", yanchor: "top" };
  const title = { text, ...corner, pad: { t: 6, r: 12 }, font: { size: 11, color: figure.paper.quiet } };
  const margin = { ...layout.margin, t: (layout.margin?.t ?? TOP) + SAID };
  return { data, layout: { ...layout, title, margin, width, height: height + SAID } };
}
