// Draws data.traces into one node and keeps its zoom: see pages/live_chart.py.

function plotly() {
  window.__plotly ??= new Promise((resolve, reject) => {
    const tag = document.createElement("script");
    tag.src = new URL("app/static/plotly.min.js", document.baseURI).href;
    tag.onload = () => resolve(window.Plotly);
    tag.onerror = reject;
    document.head.appendChild(tag);
  });
  return window.__plotly;
}

function pageStyle(node) {
  const style = getComputedStyle(node);
  const value = (name, fallback) => style.getPropertyValue(name).trim() || fallback;
  const background = value("--st-background-color", "#ffffff");
  return {
    background,
    dark: luminance(background) < 0.4,
    text: value("--st-text-color", "#1c2530"),
    grid: value("--st-border-color", "#dde2e8"),
    font: value("--st-font", "sans-serif"),
  };
}

function luminance(color) {
  const context = document.createElement("canvas").getContext("2d");
  context.fillStyle = color;
  context.fillRect(0, 0, 1, 1);
  const [red, green, blue] = context.getImageData(0, 0, 1, 1).data;
  return (0.299 * red + 0.587 * green + 0.114 * blue) / 255;
}

function painted(trace, style) {
  if (!trace.meta) return trace;
  const color = style.dark ? trace.meta.dark : trace.meta.light;
  const marker = { ...trace.marker, color };
  return trace.type === "bar" ? { ...trace, marker } : { ...trace, marker, line: { ...trace.line, color } };
}

function labelled({ meta, ...annotation }, style) {
  return meta ? { ...annotation, font: { color: style.dark ? meta.dark : meta.light } } : annotation;
}

function arranged(data, style) {
  const axis = { gridcolor: style.grid, linecolor: style.grid, tickcolor: style.grid, title: { standoff: 8 } };
  const both = (own) => ({ ...axis, ...own, title: { ...axis.title, ...own?.title } });
  return {
    ...data.layout,
    uirevision: data.view,
    paper_bgcolor: style.background,
    plot_bgcolor: style.background,
    font: { family: style.font, size: 13, color: style.text },
    hoverlabel: { bgcolor: style.background, bordercolor: style.grid, font: { color: style.text } },
    modebar: { bgcolor: "rgba(0,0,0,0)", color: style.grid, activecolor: style.text },
    xaxis: both(data.layout.xaxis),
    yaxis: both(data.layout.yaxis),
    annotations: (data.layout.annotations ?? []).map((annotation) => labelled(annotation, style)),
  };
}

export default function ({ data, parentElement }) {
  const node = parentElement.querySelector(".live-chart");
  node.setAttribute("role", "figure");
  node.setAttribute("aria-label", data.alt);
  const config = {
    displaylogo: false,
    responsive: true,
    modeBarButtonsToRemove: ["lasso2d", "select2d", "autoScale2d", "zoomIn2d", "zoomOut2d"],
    toImageButtonOptions: { filename: data.name, scale: 2 },
  };
  const draw = (Plotly) => {
    const style = pageStyle(node);
    const traces = data.traces.map((trace) => painted(trace, style));
    return Plotly.react(node, traces, arranged(data, style), config);
  };
  plotly().then(draw);
  return () => window.Plotly?.purge(node);
}
