// The network chart: the tree of the day, drawn by ECharts. Words come from the page, data from the server.
"use strict";
(() => {
  const place = document.getElementById("network");
  if (!place || !window.echarts) return;
  const words = place.dataset;
  const style = (node) => ({ color: node.new ? "#1f4e79" : "#fff", borderColor: "#1f4e79", borderWidth: 1.5 });
  const dress = (node, depth) => {
    const below = node.children.length;
    return {
      name: node.name, id: node.id, value: node.units, symbol: "rect", symbolSize: [10, 10], itemStyle: style(node),
      said: `${node.name}\n${node.type}  ${node.units} ${words.units}${node.line ? "\n" + words.line + node.line : ""}`,
      below, label: { formatter: (item) => `${node.mark} ${node.name}${node.units ? "  " + node.units : ""}${below && item.data.collapsed ? "  ▸" : ""}` },
      collapsed: depth >= 2 && below > 0, children: node.children.map((child) => dress(child, depth + 1)),
    };
  };
  const shown = (node) => (node.collapsed || !node.children.length ? 1 : node.children.reduce((sum, child) => sum + shown(child), 0));
  const ROW = 26;
  const chart = window.echarts.init(place, null, { renderer: "canvas" });
  chart.showLoading({ text: words.wait, color: "#1f4e79" });
  fetch(words.source, { headers: { Accept: "application/json" } }).then((answer) => {
    if (!answer.ok) throw new Error(String(answer.status));
    return answer.json();
  }).then((root) => {
    const data = dress(root, 0);
    chart.hideLoading();
    // Which branches are open is kept here: the chart grows with them, so that no two names lie on one another.
    const draw = () => {
      place.style.height = `${Math.max(place.parentElement.clientHeight - 2, shown(data) * ROW)}px`;
      chart.resize();
      chart.setOption({
        tooltip: { renderMode: "richText", formatter: (item) => item.data.said },
        series: [{
          type: "tree", data: [data], orient: "LR", top: 16, bottom: 16, left: 24, right: 280, roam: false,
          edgeShape: "polyline", edgeForkPosition: "72%", expandAndCollapse: false, animation: false,
          lineStyle: { color: "#b8c1c9", width: 1 }, emphasis: { focus: "none" },
          label: { position: "right", distance: 6, fontSize: 13, color: "#1d2329", backgroundColor: "#fff", padding: [1, 3], fontFamily: getComputedStyle(document.body).fontFamily },
        }],
      }, { replaceMerge: ["series"] });
    };
    const find = (node, id) => (node.id === id ? node : node.children.reduce((found, child) => found || find(child, id), null));
    draw();
    chart.on("click", (item) => {
      const node = find(data, item.data.id);
      if (!node || !node.children.length) return;
      node.collapsed = !node.collapsed;
      draw();
    });
    chart.on("dblclick", (item) => { window.location = words.one.replace("ID", encodeURIComponent(item.data.id)); });
    place.dataset.drawn = "yes";
  }).catch(() => { chart.hideLoading(); chart.dispose(); place.textContent = words.failed; });
  window.addEventListener("resize", () => chart.resize());
})();
