// Draws data.figure and gives it away as PNG and SVG: see pages/exports.py.

const FORMATS = { png: { scale: 2 }, svg: { scale: 1 } };

function asShown(figure, node) {
  const { data, layout } = onPaper(figure, node.clientWidth, node.clientHeight);
  const axes = Object.keys(node.layout).filter((name) => /^[xy]axis\d*$/.test(name));
  for (const name of axes) layout[name] = { ...layout[name], range: node.layout[name].range, autorange: false };
  return { data: data.map((trace, place) => ({ ...trace, visible: node.data[place].visible ?? true })), layout };
}

async function save(Plotly, figure, node, name, format) {
  const drawn = asShown(figure, node);
  const { width, height } = drawn.layout;
  const address = await Plotly.toImage(drawn, { format, width, height, ...FORMATS[format] });
  const link = document.createElement("a");
  link.href = URL.createObjectURL(await (await fetch(address)).blob());
  link.download = `${name}.${format}`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60000);
}

export default function ({ data, parentElement, setTriggerValue }) {
  const node = parentElement.querySelector(".figure-drawing");
  node.style.height = `${data.height}px`;
  node.setAttribute("role", "figure");
  node.setAttribute("aria-label", data.alt);
  const config = {
    displaylogo: false,
    showSendToCloud: false,
    responsive: true,
    modeBarButtonsToRemove: ["toImage", "lasso2d", "select2d", "autoScale2d", "zoomIn2d", "zoomOut2d"],
  };
  plotly().then((Plotly) => {
    const { data: traces, layout } = themed(data.figure, pageStyle(node));
    Plotly.react(node, traces, { uirevision: "kept", ...layout, height: data.height, autosize: true }, config);
    if (data.clickable) {
      node.classList.add("figure-clickable");
      node.removeAllListeners("plotly_click");
      node.on("plotly_click", ({ points }) => setTriggerValue("click", points[0].customdata));
    }
    for (const button of parentElement.querySelectorAll("button[data-format]")) {
      button.onclick = () => save(Plotly, data.figure, node, data.name, button.dataset.format);
    }
  });
  return () => window.Plotly?.purge(node);
}
