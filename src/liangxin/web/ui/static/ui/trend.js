// The trend of the targets: lines labelled at their end, the target dashed; the table beside it has the same numbers.
"use strict";
document.addEventListener("DOMContentLoaded", () => {
  const box = document.getElementById("trend");
  if (!box) return;
  // Each day is counted only when somebody scrolls down to look.
  new IntersectionObserver((seen, watch) => {
    if (seen.some((each) => each.isIntersecting)) { watch.disconnect(); draw(box); }
  }, { rootMargin: "120px" }).observe(box);
});

async function draw(box) {
  box.textContent = box.dataset.loading;
  let data;
  try {
    const answer = await fetch(box.dataset.url, { headers: { Accept: "application/json" } });
    if (!answer.ok) throw new Error(String(answer.status));
    data = await answer.json();
  } catch (failed) { box.textContent = box.dataset.failed; return; }
  box.textContent = "";
  box.style.height = "260px";
  const colours = ["#1f4e79", "#8a5a00", "#1e6b3a", "#6b4a86", "#47525c"];
  const chart = echarts.init(box, null, { renderer: "canvas", devicePixelRatio: 2 });
  chart.setOption({
    animation: false, grid: { left: 48, right: 190, top: 16, bottom: 28 }, color: colours, tooltip: { trigger: "axis", renderMode: "richText", valueFormatter: (value) => value == null ? "—" : value.toFixed(1) + "%" },
    xAxis: { type: "category", data: data.days.map((day) => day.slice(5)), axisLine: { lineStyle: { color: "#9aa4ad" } } },
    yAxis: { type: "value", min: 0, max: 100, axisLabel: { formatter: "{value}%" }, splitLine: { lineStyle: { color: "#e8ebee" } } },
    series: data.series.map((line) => ({ name: line.name, type: "line", symbol: data.days.length > 40 ? "none" : "circle", symbolSize: 5, data: line.values.map((value) => value == null ? null : value * 100), endLabel: { show: true, formatter: (point) => line.id + " " + (point.value == null ? "—" : point.value.toFixed(1) + "%"), color: "inherit" }, labelLayout: { moveOverlap: "shiftY" } })),
  });
  addEventListener("resize", () => chart.resize());
  const table = document.createElement("table"), head = table.createTHead().insertRow(), body = table.createTBody();
  const cell = (row, words, kind = "td") => { const made = document.createElement(kind); made.textContent = words; if (kind === "td") made.className = "number"; row.append(made); };
  const into = document.getElementById("trend-table");
  cell(head, into.dataset.day, "th");
  for (const line of data.series) cell(head, line.id + " " + line.name, "th");
  data.days.forEach((day, at) => { const row = body.insertRow(); cell(row, day, "th"); for (const line of data.series) cell(row, line.of[at] ? `${line.of[at][0]} / ${line.of[at][1]}` : "—"); });
  into.append(table);
}
