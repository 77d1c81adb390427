(() => {
  document.getElementById("reading").textContent =
    `${results.clients} clients in the process that is measured, ${results.seconds} s each; the databases are on the same machine.`;
  const shown = value => Number.isInteger(value) ? value.toLocaleString("en-US") : number(value);
  const ways = Object.keys(results.ways);
  const columns = [
    ["pages per second", one => one.pagesPerSecond], ["parts of five", one => one.parts],
    ["p50, ms", one => one.p50], ["p99, ms", one => one.p99], ["memory, MB", one => one.megabytes],
    ["threads", one => one.threads]];

  ["", results.slow].forEach(slow => {
    const figures = results.figures.filter(one => one.slow === slow);
    main.append(element("h2", slow === "" ? "All five well" : `${slow} takes ${results.slowMillis} ms longer`));
    const table = element("table");
    const head = element("tr");
    ["", ...columns.map(([name]) => name)].forEach(name => head.append(element("th", name)));
    table.createTHead().append(head);
    const body = table.createTBody();
    figures.forEach(one => {
      const line = element("tr", undefined, one.way === "Latent" ? { class: "own" } : {});
      line.append(element("td", one.way));
      columns.forEach(([name, value]) => line.append(element("td", shown(value(one)), { "data-system": name })));
      body.append(line);
    });
    const plots = element("div", undefined, { class: "plots" });
    columns.filter(([name]) => name !== "p50, ms").forEach(([name, value]) => {
      const most = Math.max(...figures.map(value)) || 1;
      const plot = element("div", undefined, { class: "plot" });
      const bars = element("div", undefined, { class: "bars" });
      figures.forEach(one => bars.append(
        element("span", one.way),
        element("i", undefined, { style: `--own: var(--s${ways.indexOf(one.way)}); width: ${100 * value(one) / most}%` }),
        element("span", shown(value(one)))));
      plot.append(element("h3", name), bars);
      plots.append(plot);
    });
    main.append(table, plots);
  });

  main.append(element("h2", "The ways"));
  ways.forEach(way => main.append(element("p", `${way}: ${results.ways[way]}`)));
})();
