// Draws every figure of a report in the colours of the page, and on white for the printer.

const drawn = JSON.parse(document.getElementById("figures").textContent);
const dark = matchMedia("(prefers-color-scheme: dark)");
const PRINTED = 660; // pixels that a printed page is wide

function ownStyle() {
  const style = getComputedStyle(document.documentElement);
  const value = (name) => style.getPropertyValue(name).trim();
  return {
    ...{ background: value("--page"), text: value("--text"), grid: value("--line") },
    ...{ font: PAPER.font, dark: dark.matches },
  };
}

function saved(format) {
  const click = (node) => {
    const { data, layout } = onPaper(drawn[node.dataset.figure], node.clientWidth, node.clientHeight);
    const filename = `tandem-figure-${Number(node.dataset.figure) + 1}`;
    const { width, height } = layout;
    Plotly.downloadImage({ data, layout }, { format, filename, width, height, scale: format === "png" ? 2 : 1 });
  };
  const title = `Save as ${format.toUpperCase()}`;
  return { name: title, title, icon: format === "png" ? Plotly.Icons.camera : Plotly.Icons.disk, click };
}

const CONFIG = {
  displaylogo: false,
  responsive: true,
  modeBarButtonsToRemove: ["toImage", "lasso2d", "select2d", "autoScale2d", "zoomIn2d", "zoomOut2d"],
  modeBarButtonsToAdd: [saved("png"), saved("svg")],
};

function draw(style, width) {
  for (const node of document.querySelectorAll(".drawing")) {
    const figure = drawn[node.dataset.figure];
    const { data, layout } = themed(figure, style);
    Plotly.react(node, data, { ...layout, height: figure.height, width, autosize: !width }, CONFIG);
  }
}

const onScreen = () => draw(ownStyle());
onScreen();
dark.addEventListener("change", onScreen);
addEventListener("beforeprint", () => draw(PAPER, PRINTED));
addEventListener("afterprint", onScreen);
