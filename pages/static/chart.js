// Hosts a chart on a page: see pages/shared/chart.py. What draws it stands above (mtl_core/charts/draw.js).

// plotly's own script, loaded once a page.
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

// The colours of the page around a node, so that a change of theme needs no answer from the server.
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

export default function ({ data, parentElement, setTriggerValue }) {
  const node = parentElement.querySelector(".chart-drawing");
  const { figure, name, height } = data;
  node.style.height = `${height}px`;
  node.setAttribute("role", "figure");
  node.setAttribute("aria-label", data.alt);
  parentElement.querySelector(".chart-downloads").hidden = !data.buttons;
  plotly().then((Plotly) => {
    draw(Plotly, node, figure, pageStyle(node), { name, height, modebar: !data.buttons });
    if (data.clickable) {
      node.classList.add("chart-clickable");
      node.removeAllListeners("plotly_click");
      node.on("plotly_click", ({ points }) => setTriggerValue("click", points[0].customdata));
    }
    for (const button of parentElement.querySelectorAll("button[data-format]")) {
      button.onclick = () => save(Plotly, node, button.dataset.format);
    }
  });
  return () => window.Plotly?.purge(node);
}
