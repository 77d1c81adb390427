(() => {
  const HEIGHT = 190;
  const isNumber = text => /^[\d.,]+( ?(ms|µs|s|MB))?$/.test(text);
  results.experiments.forEach(experiment => {
    main.append(element("h2", experiment.question));
    main.append(element("p", "The lesson: " + experiment.claim, { class: "claim" }));
    main.append(element("p", experiment.verdict, { class: "verdict" }));
    if (experiment.plots.length > 0) plots(experiment.plots);
    experiment.tables.forEach(table);
    experiment.notes.forEach(note => main.append(element("p", note, { class: "note" })));
    if (experiment.quotes.length > 0) quotes(experiment.quotes);
  });

  function table(grid) {
    main.append(element("h3", grid.title, { class: "table" }));
    const made = element("table");
    const isColumnOfNumbers = grid.head.map((_, i) => i > 0 && grid.rows.every(row => isNumber(row[i]) || row[i] === "–"));
    const head = element("tr");
    grid.head.forEach((text, i) => head.append(element("th", text, isColumnOfNumbers[i] ? { class: "number" } : {})));
    made.createTHead().append(head);
    const body = made.createTBody();
    grid.rows.forEach(row => {
      const line = element("tr", undefined, row.some(cell => cell.startsWith("Latent")) ? { class: "own" } : {});
      row.forEach((text, i) => {
        const attributes = { "data-system": grid.head[i] };
        if (isColumnOfNumbers[i]) attributes.class = "number";
        const cell = element("td", undefined, attributes);
        cell.append(element("span", text));
        line.append(cell);
      });
      body.append(line);
    });
    main.append(made);
  }

  function plots(all) {
    const names = [...new Set(all.flatMap(plot => Object.keys(plot.lines)))];
    const legend = element("div", undefined, { class: "legend" });
    names.forEach((name, i) => legend.append(element("span", name, { style: `--own: var(--s${i % 5})` })));
    const box = element("div", undefined, { class: "plots" });
    main.append(legend, box);
    all.forEach(plot => {
      const one = element("div", undefined, { class: "plot" });
      const place = element("div");
      one.append(element("h3", plot.title), place);
      box.append(one);
      draws.push(() => {
        place.replaceChildren();
        const { options, data } = curve(plot, names);
        new uPlot({ width: place.clientWidth, height: HEIGHT, legend: { show: false }, cursor: { show: false }, ...options }, data, place);
      });
    });
  }

  function quotes(all) {
    const details = element("details", undefined, { open: "" });
    details.append(element("summary", "what each printed"));
    const box = element("div", undefined, { class: "quotes" });
    all.forEach(quote => {
      const figure = element("figure");
      figure.append(element("figcaption", quote.title), element("pre", quote.text));
      box.append(figure);
    });
    details.append(box);
    main.append(details);
  }

  const values = (u, splits) => splits.map(split => split === null ? null : number(split).replace(/\.0+$/, ""));

  function curve(plot, names) {
    const xs = [...new Set(Object.values(plot.lines).flat().map(point => point.x))].sort((a, b) => a - b);
    const data = [xs];
    const series = [{}];
    names.forEach((name, i) => {
      const line = plot.lines[name] || [];
      data.push(xs.map(x => (line.find(point => point.x === x) || { y: null }).y));
      const color = css(`--s${i % 5}`);
      series.push({ stroke: color, width: plot.linear ? 1 : 2, spanGaps: true, points: plot.linear ? { show: false } : { show: true, size: 6, fill: color } });
    });
    const range = xs.length > 1 ? [xs[0] / 1.5, xs[xs.length - 1] * 1.5] : [xs[0] / 2, xs[0] * 2];
    const ticks = xs.length > 6 ? xs.filter(x => Number.isInteger(Math.log10(x))) : xs;
    return { data, options: { series,
      scales: { x: plot.linear ? { time: false } : { time: false, distr: 3, range }, y: { distr: 3 } },
      axes: [axis({ ...(plot.linear ? {} : { splits: () => ticks }), values, size: 24, label: plot.axis, labelSize: 16, labelFont: "11px system-ui, sans-serif" }),
        axis({ values, size: 60 })] } };
  }

  drawAll();
})();
