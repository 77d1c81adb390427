"use strict";
// Draws the latest state at each turn of the screen; what came in between is counted, not drawn.
(() => {
  const FLOATS = 3, HEAD = 8, FIRST = 500, LONGEST = 8000;
  const canvas = document.getElementById("box");
  const pen = canvas.getContext("2d");
  const shown = id => document.getElementById(id);
  let scene = null, latest = null, drawn = 0, last = 0, seen = 0, skipped = 0, wait = FIRST, socket = null;

  function connect() {
    socket = new WebSocket(`ws${location.protocol === "https:" ? "s" : ""}://${location.host}/state`);
    socket.binaryType = "arraybuffer";
    socket.onopen = () => { shown("state").textContent = "connected"; wait = FIRST; last = 0; };
    socket.onmessage = event => {
      if (typeof event.data === "string") {
        scene = JSON.parse(event.data);
        return;
      }
      const view = new DataView(event.data);
      const frame = view.getInt32(0, true);
      if (last > 0) skipped += Math.max(0, frame - last - 1);
      last = frame;
      seen++;
      latest = view;
    };
    socket.onclose = () => {
      shown("state").textContent = `not connected; trying again in ${Math.round(wait / 1000 * 10) / 10} s`;
      setTimeout(connect, wait * (0.75 + Math.random() / 2));
      wait = Math.min(LONGEST, wait * 2);
    };
  }

  function draw() {
    requestAnimationFrame(draw);
    if (scene === null || latest === null || latest.getInt32(0, true) === drawn) return;
    drawn = latest.getInt32(0, true);
    const scale = canvas.width / scene.width;
    const { color: circle, caretColor: square } = getComputedStyle(canvas); // the scheme's, which a canvas can't choose itself
    pen.setTransform(1, 0, 0, 1, 0, 0);
    pen.clearRect(0, 0, canvas.width, canvas.height);
    scene.shapes.forEach((shape, i) => {
      const at = HEAD + i * FLOATS * 4;
      pen.setTransform(scale, 0, 0, -scale, latest.getFloat32(at, true) * scale, canvas.height - latest.getFloat32(at + 4, true) * scale);
      pen.rotate(latest.getFloat32(at + 8, true));
      if (shape.radius > 0) {
        pen.fillStyle = circle;
        pen.beginPath();
        pen.arc(0, 0, shape.radius, 0, 2 * Math.PI);
        pen.fill();
      } else {
        pen.fillStyle = square;
        pen.fillRect(-shape.width / 2, -shape.height / 2, shape.width, shape.height);
      }
    });
  }

  function strike(x, y) {
    if (scene !== null && socket.readyState === WebSocket.OPEN) {
      socket.send(JSON.stringify({ x: x * scene.width, y: (1 - y) * scene.height }));
    }
  }

  canvas.addEventListener("pointerdown", event => {
    const box = canvas.getBoundingClientRect();
    strike((event.clientX - box.left) / box.width, (event.clientY - box.top) / box.height);
  });
  canvas.addEventListener("keydown", event => {
    if (event.key === " ") {
      event.preventDefault();
      strike(0.5, 0.5);
    }
  });
  setInterval(() => {
    if (latest !== null) {
      shown("frames").textContent = latest.getInt32(0, true).toLocaleString();
      shown("missed").textContent = latest.getInt32(4, true).toLocaleString();
    }
    shown("seen").textContent = seen;
    shown("skipped").textContent = skipped.toLocaleString();
    seen = 0;
  }, 1000);
  connect();
  draw();
})();
