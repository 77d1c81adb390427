(() => {
  document.getElementById("reading").textContent =
    "Bars are medians, dots the rounds. A ratio is Latent's value divided by the peer's, the median over the rounds.";
  const HEIGHT = 150;
  // Values further apart than this stand on a logarithmic axis.
  const FAR = 30;

  results.failures.forEach(failure => main.append(element("p", "FAILED " + failure, { class: "note failed" })));
  results.notes.forEach(note => main.append(element("p", note, { class: "note" })));

  const parts = new Map();
  results.rows.forEach(row => parts.set(row.benchmark, [...(parts.get(row.benchmark) || []), row]));
  parts.forEach((rows, name) => {
    const systems = [];
    rows.forEach(row => row.systems.forEach(one => { if (!systems.includes(one.name)) systems.push(one.name); }));
    const color = system => css("--s" + systems.indexOf(system) % 5);
    main.append(element("h2", name));
    main.append(element("p", "JVM flags: " + (results.jvm_flags[name] || "none"), { class: "flags" }));
    const legend = element("div", undefined, { class: "legend" });
    systems.forEach((system, i) => legend.append(element("span", system, { style: `--own: var(--s${i % 5})` })));
    main.append(legend, table(rows, systems));
    const plots = element("div", undefined, { class: "plots" });
    main.append(plots);
    const curves = new Map();
    rows.filter(row => row.systems.length > 0).forEach(row => {
      if (row.curve) curves.set(row.curve.of, [...(curves.get(row.curve.of) || []), row]);
      else if (row.systems.length > 1) plot(plots, `${row.name}, ${row.unit}`, width => bars(row, systems, color, width));
    });
    curves.forEach((on, title) => plot(plots, title, width => curve(on, systems, color, width)));
    main.append(commands(rows));
  });

  function table(rows, systems) {
    const made = element("table");
    const head = element("tr");
    ["", ...systems].forEach(text => head.append(element("th", text)));
    made.createTHead().append(head);
    const body = made.createTBody();
    rows.forEach(row => {
      const line = element("tr");
      line.append(element("td", `${row.name}, ${row.unit}`));
      systems.forEach(system => {
        const cell = element("td", undefined, { "data-system": system });
        const box = element("span");
        const one = row.systems.find(other => other.name === system);
        if (one) fill(box, one);
        else box.textContent = system === "Latent" && row.missing ? row.missing : "–";
        cell.append(box);
        line.append(cell);
      });
      body.append(line);
    });
    return made;
  }

  function fill(box, one) {
    box.append(number(one.median));
    if (one.values.filter(value => value !== null).length > 1) {
      box.append(" ", element("small", `${number(one.min)}–${number(one.max)}`));
    }
    const judged = [];
    if (one.ratio !== null) judged.push(one.ratio.toFixed(2) + "×");
    if (one.aim) judged.push(one.aim + (one.reached === null ? "" : one.reached ? " ✓" : " ✗"));
    if (judged.length > 0) {
      const mood = one.aim && one.reached !== null ? (one.reached ? " met" : " unmet") : "";
      box.append(" ", element("span", judged.join(" "), { class: "aim" + mood }));
    }
    if (one.detail) box.title = one.detail;
  }

  function commands(rows) {
    const made = element("details");
    made.append(element("summary", "commands of one run"));
    const seen = new Set();
    rows.forEach(row => row.systems.forEach(one => {
      const key = one.name + one.commands.join();
      if (seen.has(key)) return;
      seen.add(key);
      made.append(element("span", `${row.name}: ${one.name}`));
      one.commands.forEach(command => made.append(element("code", command)));
    }));
    return made;
  }

  function plot(parent, title, draw) {
    const box = element("div", undefined, { class: "plot" });
    const place = element("div");
    box.append(element("h3", title), place);
    parent.append(box);
    draws.push(() => {
      place.replaceChildren();
      const { options, data } = draw(place.clientWidth);
      new uPlot({ width: place.clientWidth, height: HEIGHT, legend: { show: false }, cursor: { show: false }, ...options },
        data, place);
    });
  }

  const top = (u, low, high) => [0, high > 0 ? high * 1.12 : 1];
  const values = (u, splits) => splits.map(split => split === null ? null : number(split));

  function bars(row, systems, color) {
    const names = systems.filter(system => row.systems.some(one => one.name === system));
    const at = name => row.systems.find(one => one.name === name);
    const rounds = Math.max(...row.systems.map(one => one.values.length));
    const own = (index, value) => names.map((name, i) => i === index ? value : null);
    const data = [names.map((name, i) => i)];
    const series = [{}];
    names.forEach((name, i) => {
      data.push(own(i, at(name).median));
      series.push({ fill: color(name), stroke: color(name), points: { show: false },
        paths: uPlot.paths.bars({ size: [0.55, 60] }) });
    });
    for (let round = 0; round < rounds; round++) {
      data.push(names.map(name => at(name).values[round] ?? null));
      series.push({ stroke: css("--ink"), paths: () => null,
        points: { show: true, size: 5, width: 1, stroke: css("--ink"), fill: css("--card") } });
    }
    return { data, options: { series,
      scales: { x: { time: false, range: [-0.5, names.length - 0.5] }, y: { range: top } },
      axes: [axis({ show: false }), axis({ values, size: 52 })] } };
  }

  function curve(rows, systems, color) {
    const names = systems.filter(system => rows.some(row => row.systems.some(one => one.name === system)));
    const data = [rows.map(row => row.curve.x)];
    const series = [{}];
    names.forEach(name => {
      data.push(rows.map(row => (row.systems.find(one => one.name === name) || { median: null }).median));
      series.push({ stroke: color(name), width: 2, points: { show: true, size: 6, fill: color(name) } });
    });
    const xs = data[0];
    const range = xs.length > 1 ? [xs[0] / 1.5, xs[xs.length - 1] * 1.5] : [xs[0] / 2, xs[0] * 2];
    const ys = data.slice(1).flat().filter(value => value > 0);
    const far = Math.max(...ys) > FAR * Math.min(...ys);
    return { data, options: { series,
      scales: { x: { time: false, distr: 3, range }, y: far ? { distr: 3 } : { range: top } },
      axes: [axis({ splits: () => xs, values, size: 24, label: rows[0].curve.axis, labelSize: 16,
        labelFont: "11px system-ui, sans-serif" }), axis({ values, size: 60 })] } };
  }

  drawAll();
})();
