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
      label: { formatter: `${node.mark} ${node.name}${node.units ? "  " + node.units : ""}${below ? " ▸" : ""}` },
      collapsed: depth >= 2, children: node.children.map((child) => dress(child, depth + 1)),
    };
  };
  const shown = (node) => (node.collapsed || !node.children.length ? 1 : node.children.reduce((sum, child) => sum + shown(child), 0));
  const chart = window.echarts.init(place, null, { renderer: "canvas" });
  chart.showLoading({ text: words.wait, color: "#1f4e79" });
  fetch(words.source, { headers: { Accept: "application/json" } }).then((answer) => {
    if (!answer.ok) throw new Error(String(answer.status));
    return answer.json();
  }).then((root) => {
    const data = dress(root, 0);
    place.dataset.rows = String(shown(data));
    chart.hideLoading();
    const narrow = place.clientWidth < 700;
    chart.setOption({
      tooltip: { renderMode: "richText", formatter: (item) => item.data.said },
      series: [{
        type: "tree", data: [data], orient: "LR", top: 16, bottom: 16, left: narrow ? 8 : 24, right: narrow ? 150 : 260, roam: true,
        edgeShape: "polyline", edgeForkPosition: "40%", expandAndCollapse: true, initialTreeDepth: 2, animationDuration: 0, animationDurationUpdate: 200,
        lineStyle: { color: "#b8c1c9", width: 1 }, emphasis: { focus: "none" },
        label: { position: "right", distance: 6, fontSize: 13, color: "#1d2329", backgroundColor: "#fff", padding: [1, 3], fontFamily: getComputedStyle(document.body).fontFamily },
      }],
    });
    chart.on("dblclick", (item) => { window.location = words.one.replace("ID", encodeURIComponent(item.data.id)); });
    place.dataset.drawn = "yes";
  }).catch(() => { chart.hideLoading(); chart.dispose(); place.textContent = words.failed; });
  window.addEventListener("resize", () => chart.resize());
})();
