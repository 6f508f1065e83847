// Draws data.traces into one node and keeps its zoom: see pages/live_chart.py.

function painted(trace, style) {
  if (!trace.meta) return trace;
  const color = style.dark ? trace.meta.dark : trace.meta.light;
  const marker = { ...trace.marker, color };
  if (trace.fill) return { ...trace, fillcolor: `${color}26`, line: { ...trace.line, color } };
  return trace.type === "bar" ? { ...trace, marker } : { ...trace, marker, line: { ...trace.line, color } };
}

function labelled({ meta, ...annotation }, style) {
  return meta ? { ...annotation, font: { color: style.dark ? meta.dark : meta.light } } : annotation;
}

function withRoom(layout, width) {
  // names at the curves' ends that would take half of a narrow chart: hovering tells them too
  if (!layout.annotations?.length || layout.margin.r < width / 2) return layout;
  return { ...layout, annotations: [], margin: { ...layout.margin, r: 16 } };
}

function arranged(data, style, width) {
  const layout = withRoom(data.layout, width);
  const axis = { gridcolor: style.grid, linecolor: style.grid, tickcolor: style.grid, title: { standoff: 8 } };
  const both = (own) => ({ ...axis, ...own, title: { ...axis.title, ...own?.title } });
  return {
    ...layout,
    uirevision: data.view,
    paper_bgcolor: style.background,
    plot_bgcolor: style.background,
    font: { family: style.font, size: 13, color: style.text },
    hoverlabel: { bgcolor: style.background, bordercolor: style.grid, font: { color: style.text } },
    modebar: { bgcolor: "rgba(0,0,0,0)", color: style.grid, activecolor: style.text },
    xaxis: both(layout.xaxis),
    yaxis: both(layout.yaxis),
    annotations: (layout.annotations ?? []).map((annotation) => labelled(annotation, style)),
  };
}

export default function ({ data, parentElement }) {
  const node = parentElement.querySelector(".live-chart");
  node.setAttribute("role", "figure");
  node.setAttribute("aria-label", data.alt);
  const config = {
    displaylogo: false,
    showSendToCloud: false,
    responsive: true,
    modeBarButtonsToRemove: ["lasso2d", "select2d", "autoScale2d", "zoomIn2d", "zoomOut2d"],
    toImageButtonOptions: { filename: data.name, scale: 2 },
  };
  const draw = (Plotly) => {
    const style = pageStyle(node);
    const traces = data.traces.map((trace) => painted(trace, style));
    return Plotly.react(node, traces, arranged(data, style, node.clientWidth), config);
  };
  plotly().then(draw);
  return () => window.Plotly?.purge(node);
}
