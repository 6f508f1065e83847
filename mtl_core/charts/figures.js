// What mtl_core/figures.py has told of a figure, in the colours of a page: {background, text, grid, font, dark}.

const PAPER = {
  background: "#FFFFFF",
  text: "#1C2530",
  grid: "#DDE2E8",
  font: "Helvetica, Arial, sans-serif",
  dark: false,
};

const QUIET = "#566270";
const TOP = 24; // pixels above a plot that asks for none
const SAID = 18; // pixels of a line that a saved figure says more

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
  const { data, layout } = themed(figure, PAPER);
  const text = layout.meta?.saved;
  if (!text) return { data, layout: { ...layout, width, height } };
  const corner = { x: 1, xref: "container", xanchor: "right", y: 1, yref: "container", yanchor: "top" };
  const title = { text, ...corner, pad: { t: 6, r: 12 }, font: { size: 11, color: QUIET } };
  const margin = { ...layout.margin, t: (layout.margin?.t ?? TOP) + SAID };
  return { data, layout: { ...layout, title, margin, width, height: height + SAID } };
}
