extension ProfilePage {
  /// Fills the page from `data`.
  static let script = #"""
    const report = data.report, steps = report.steps;
    const byId = (id) => document.getElementById(id);
    const make = (tag, attributes = {}, text) => {
      const svg = ["g", "rect", "text", "line", "title"].includes(tag);
      const node = svg ? document.createElementNS("http://www.w3.org/2000/svg", tag)
        : document.createElement(tag);
      for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
      if (text !== undefined) node.textContent = text;
      return node;
    };
    const percent = (x) => x == null ? "" : (100 * x).toFixed(1) + "%";
    const digits = (x) => x == null ? "" : x >= 100 ? x.toFixed(0) : x >= 1 ? x.toFixed(1)
      : x.toFixed(3);
    const bytes = (n) => n < 1e6 ? (n / 1e3).toFixed(1) + " kB" : (n / 1e6).toFixed(1) + " MB";
    const operator = (step) => step.operation.replaceAll(/aten::_?/g, "")
      .replaceAll(/(\w)\.\w+/g, "$1");

    document.title = "Martlet profile: " + report.model;
    byId("model").textContent = report.model;
    const sum = (items, value) => items.reduce((total, item) => total + (value(item) || 0), 0);
    const work = sum(steps, (step) => step.gflop);
    const peak = report.peak_gflop_per_s * report.threads;
    for (const [name, value] of [
      ["median of a run", report.median_ms.toFixed(3) + " ms"],
      ["runs", report.runs], ["threads", report.threads], ["kernels", report.isa],
      ["input", data.inputs], ["steps", steps.length], ["work", digits(work) + " GFLOP"],
      ["speed", digits(work / report.median_ms * 1e3) + " GFLOP/s"],
      ["peak of all threads", digits(peak) + " GFLOP/s by " + report.peak_source],
    ]) {
      const fact = make("span", {}, name + " ");
      fact.append(make("b", {}, value));
      byId("facts").append(fact);
    }
    for (const index of new Set(data.slices.map((slice) => slice.family))) {
      const key = make("span", { class: "key f" + index });
      key.append(make("i"), data.families[index]);
      byId("legend").append(key);
    }

    // The timeline: a lane for each thread. The caller's shows whole steps, paler where it waits
    // or works alone; the others' what they computed.
    const lanes = Math.max(1, ...data.spans.map((span) => span.thread + 1));
    const end = Math.max(...data.slices.map((slice) => slice.begin + slice.duration), 1e-6);
    let view = [0, end];
    const svg = document.querySelector("#timeline svg");
    const laneTop = (lane) => 24 + lane * 34;
    const height = laneTop(lanes) + 2, left = 76;
    svg.setAttribute("height", height);
    function tick(span) {
      const raw = span / 8, power = 10 ** Math.floor(Math.log10(raw));
      return [1, 2, 5, 10].map((x) => x * power).find((x) => x >= raw);
    }
    function draw() {
      const width = svg.clientWidth || 1000;
      const scale = (width - left - 8) / (view[1] - view[0]);
      const at = (time) => left + (time - view[0]) * scale;
      svg.replaceChildren();
      const step = tick(view[1] - view[0]);
      for (let t = Math.ceil(view[0] / step) * step; t <= view[1]; t += step) {
        svg.append(make("line", { class: "tick", x1: at(t), x2: at(t), y1: 16, y2: height }));
        svg.append(make("text", { class: "axis", x: at(t) + 3, y: 13 },
          +t.toPrecision(6) + " ms"));
      }
      const block = (index, lane, begin, duration, more) => {
        if (begin + duration < view[0] || begin > view[1]) return;
        const x = Math.max(at(begin), left), to = Math.min(at(begin + duration), width - 8);
        const marked = index === chosen ? " marked" : "";
        const rect = make("rect", {
          class: "slice f" + data.slices[index].family + more + marked, x, y: laneTop(lane) + 3,
          width: Math.max(to - x - 0.4, 0.5), height: 25, "data-step": index,
        });
        svg.append(rect);
      };
      for (let lane = 0; lane < lanes; lane++) {
        svg.append(make("rect", { class: "lane", x: left, y: laneTop(lane) + 1, height: 29,
          width: Math.max(width - left - 8, 0) }));
        svg.append(make("text", { class: "axis", x: 8, y: laneTop(lane) + 20 },
          lane ? "helper " + lane : "caller"));
      }
      const shared = new Set(data.spans.map((span) => span.step));
      data.slices.forEach((slice, index) =>
        block(index, 0, slice.begin, slice.duration, shared.has(index) ? " idle" : ""));
      for (const span of data.spans) block(span.step, span.thread, span.begin, span.duration, "");
    }
    const hint = byId("hint");
    svg.addEventListener("pointermove", (event) => {
      const index = event.target.dataset.step;
      hint.hidden = index === undefined;
      if (hint.hidden) return;
      const step = steps[index];
      hint.textContent = [
        "step " + step.index + ": " + operator(step) + " [" + step.shape.join(", ") + "]",
        step.module, step.median_ms.toFixed(3) + " ms, " + percent(step.share)
          + (step.peak_share != null ? ", " + percent(step.peak_share) + " of the peak" : ""),
        step.kernel,
      ].filter((line) => line).join("\n");
      hint.style.left = Math.max(Math.min(event.clientX + 14, innerWidth - 470), 0) + "px";
      hint.style.top = Math.min(event.clientY + 14, innerHeight - 110) + "px";
    });
    svg.addEventListener("pointerleave", () => { hint.hidden = true; });
    let chosen = -1, dragged = null;
    function look(begin, length) {
      length = Math.min(Math.max(length, end / 1e4), end);
      begin = Math.min(Math.max(begin, 0), end - length);
      view = [begin, begin + length];
      draw();
    }
    svg.addEventListener("wheel", (event) => {
      event.preventDefault();
      const box = svg.getBoundingClientRect();
      const part = Math.max(event.clientX - box.left - left, 0) / (box.width - left - 8);
      const length = view[1] - view[0], next = length * Math.exp(event.deltaY * 0.0015);
      look(view[0] + part * (length - Math.min(next, end)), next);
    }, { passive: false });
    svg.addEventListener("pointerdown", (event) => {
      dragged = { x: event.clientX, begin: view[0], step: event.target.dataset.step };
    });
    addEventListener("pointermove", (event) => {
      if (!dragged || !event.buttons) return;
      const length = view[1] - view[0];
      look(dragged.begin - (event.clientX - dragged.x) / (svg.clientWidth - left - 8) * length,
        length);
    });
    addEventListener("pointerup", (event) => {
      if (dragged && Math.abs(event.clientX - dragged.x) < 4 && dragged.step !== undefined) {
        choose(+dragged.step, true);
      }
      dragged = null;
    });
    svg.addEventListener("dblclick", () => look(0, end));
    addEventListener("resize", draw);

    // Tables that sort by a click on a header.
    function table(id, columns, rows, order) {
      const element = byId(id), head = element.tHead, body = element.tBodies[0];
      const show = () => {
        const key = columns[order.column].value;
        const known = (x) => x !== null && x !== undefined && x !== "";
        rows().sort((a, b) => {
          const [p, q] = [key(a), key(b)];
          if (!known(p) || !known(q)) return known(q) - known(p);
          const way = typeof p === "string" ? p.localeCompare(q, "en", { numeric: true }) : p - q;
          return order.down ? -way : way;
        }).forEach((row) => body.append(row.element ??= build(row)));
        const cells = [...head.rows[0].cells];
        cells.forEach((cell, index) => cell.setAttribute("aria-sort",
          index !== order.column ? "none" : order.down ? "descending" : "ascending"));
      };
      const build = (row) => {
        const line = make("tr");
        for (const column of columns) {
          const cell = make("td", { class: column.kind });
          // Long names may break behind their parts.
          for (const part of String(column.text(row)).split(/(?<=[._])/)) {
            cell.append(part, ...(column.kind === "name" ? [make("wbr")] : []));
          }
          if (column.kind.includes("share")) {
            const bar = make("span", { class: "bar f" + (row.family ?? "") });
            bar.style.width = 70 * column.value(row) / column.most() + "px";
            cell.append(bar);
          }
          line.append(cell);
        }
        if (row.index !== undefined) line.addEventListener("click", () => choose(row.index));
        return line;
      };
      const line = make("tr");
      columns.forEach((column, index) => {
        const cell = make("th", { class: column.kind, scope: "col" });
        cell.append(make("button", { type: "button" }, column.name));
        cell.addEventListener("click", () => {
          const down = order.column === index ? !order.down : column.kind.includes("number");
          order = { column: index, down };
          show();
        });
        line.append(cell);
      });
      head.replaceChildren(line);
      body.replaceChildren();
      show();
    }
    const number = (name, value, text) => ({ name, value, text, kind: "number" });
    const name = (name, value) => ({ name, value, text: value, kind: "name" });
    const mostStep = Math.max(...steps.map((step) => step.share), 1e-9);
    const rows = steps.map((step, index) => ({ ...step, family: data.slices[index].family }));
    table("steps", [
      number("#", (r) => r.index, (r) => r.index),
      number("ms", (r) => r.median_ms, (r) => r.median_ms.toFixed(3)),
      { name: "share", value: (r) => r.share, text: (r) => percent(r.share), kind: "share",
        most: () => mostStep },
      number("GFLOP", (r) => r.gflop, (r) => digits(r.gflop)),
      number("GFLOP/s", (r) => r.gflop_per_s, (r) => digits(r.gflop_per_s)),
      number("of peak", (r) => r.peak_share, (r) => percent(r.peak_share)),
      number("bytes", (r) => r.bytes, (r) => bytes(r.bytes)),
      name("operator", operator),
      { ...name("result", (r) => r.shape.join(" × ")), kind: "sizes" },
      name("module", (r) => r.module),
      name("kernel", (r) => r.kernel),
    ], () => rows, { column: 0, down: false });

    function choose(index, scroll) {
      chosen = index;
      rows.forEach((row) => row.element.classList.toggle("marked", row.index === index));
      if (scroll) rows[index].element.scrollIntoView({ block: "center", behavior: "smooth" });
      draw();
    }
    byId("filter").addEventListener("input", (event) => {
      const wanted = event.target.value.toLowerCase();
      for (const row of rows) {
        row.element.hidden = !row.element.textContent.toLowerCase().includes(wanted);
      }
    });

    // Totals, grouped in one of several ways.
    const level = (depth) => (step) => step.module.split(".").slice(0, depth).join(".")
      || "(outside of submodules)";
    const groupings = {
      "by operator": operator, "by kind": (step) => data.families[data.slices[step.index].family],
      "by kernel": (step) => step.kernel, "by module": level(2), "by top module": level(1),
      "by innermost module": (step) => step.module || "(outside of submodules)",
    };
    function showTotals(chosenName) {
      const groups = new Map();
      for (const step of steps) {
        const key = groupings[chosenName](step);
        const group = groups.get(key) ?? { key, count: 0, ms: 0, share: 0, gflop: 0, bytes: 0 };
        group.count += 1;
        group.ms += step.median_ms;
        group.share += step.share;
        group.gflop += step.gflop ?? 0;
        group.bytes += step.bytes;
        if (step.gflop) group.worked = (group.worked ?? 0) + step.median_ms;
        groups.set(key, group);
      }
      const all = [...groups.values()];
      const most = Math.max(...all.map((group) => group.share), 1e-9);
      const speed = (g) => g.worked ? g.gflop / g.worked * 1e3 : null;
      table("totals", [
        name(chosenName.slice(3), (g) => g.key),
        number("steps", (g) => g.count, (g) => g.count),
        number("ms", (g) => g.ms, (g) => g.ms.toFixed(3)),
        { name: "share", value: (g) => g.share, text: (g) => percent(g.share), kind: "share",
          most: () => most },
        number("GFLOP", (g) => g.gflop || null, (g) => g.gflop ? digits(g.gflop) : ""),
        number("of peak", (g) => speed(g),
          (g) => speed(g) && peak ? percent(speed(g) / peak) : ""),
        number("bytes", (g) => g.bytes, (g) => bytes(g.bytes)),
      ], () => all, { column: 2, down: true });
      for (const button of byId("groups").children) {
        button.setAttribute("aria-pressed", button.textContent === chosenName);
      }
    }
    for (const choice of Object.keys(groupings)) {
      const button = make("button", { type: "button" }, choice);
      button.addEventListener("click", () => showTotals(choice));
      byId("groups").append(button);
    }
    showTotals("by operator");
    draw();
    """#
}
