// A network's answer over the plane, with the points that it learns from, on a canvas.
(() => {
  "use strict";

  const [CELLS, REACH] = [41, 2.6];

  const GRID = (() => {
    const grid = new Float64Array(2 * CELLS * CELLS);
    for (let row = 0; row < CELLS; row++) {
      for (let column = 0; column < CELLS; column++) {
        const place = row * CELLS + column;
        grid[place] = -REACH + (2 * REACH * column) / (CELLS - 1);
        grid[CELLS * CELLS + place] = REACH - (2 * REACH * row) / (CELLS - 1);
      }
    }
    return grid;
  })();

  const colour = (element, name) => getComputedStyle(element).getPropertyValue(name).trim();
  const channels = (hex) => [1, 3, 5].map((i) => parseInt(hex.slice(i, i + 2), 16));

  /* Draws on `canvas`; `theme()` has to be called when the colours of the page have changed. */
  lab.Plane = class {
    constructor(canvas) {
      this.canvas = canvas;
      this.pen = canvas.getContext("2d");
      this.small = new OffscreenCanvas(CELLS, CELLS);
      this.shades = this.small.getContext("2d");
      this.image = this.shades.createImageData(CELLS, CELLS);
      this.theme();
    }

    theme() {
      const side = Math.round(Math.min(2, devicePixelRatio || 1) * 340);
      this.canvas.width = this.canvas.height = side;
      const names = ["--plot-blue", "--plot-purple", "--plot-orange"];
      [this.blue, this.purple, this.orange] = names.map((name) => colour(this.canvas, name));
      this.sides = [channels(this.blue), channels(this.purple)];
      this.points = null;
    }

    draw(network) {
      const logits = network.forward(GRID, CELLS * CELLS);
      const pixels = this.image.data;
      for (let i = 0; i < CELLS * CELLS; i++) {
        const p = 1 / (1 + Math.exp(-logits[i]));
        const side = this.sides[p < 0.5 ? 0 : 1];
        pixels[4 * i] = side[0];
        pixels[4 * i + 1] = side[1];
        pixels[4 * i + 2] = side[2];
        pixels[4 * i + 3] = 30 + 110 * Math.abs(2 * p - 1) || 0;
      }
      this.shades.putImageData(this.image, 0, 0);
      const [pen, side] = [this.pen, this.canvas.width];
      pen.clearRect(0, 0, side, side);
      pen.drawImage(this.small, 0.5, 0.5, CELLS - 1, CELLS - 1, 0, 0, side, side);
      this.points ??= this.dots(network.data, side);
      pen.drawImage(this.points, 0, 0);
      this.boundary(logits, side);
    }

    // The line where the logit is 0: in each cell, between the edges on which it changes its sign.
    boundary(logits, side) {
      const pen = this.pen;
      const size = side / (CELLS - 1);
      pen.beginPath();
      for (let row = 0; row < CELLS - 1; row++) {
        for (let column = 0; column < CELLS - 1; column++) {
          const at = row * CELLS + column;
          const corners = [logits[at], logits[at + 1], logits[at + CELLS + 1], logits[at + CELLS]];
          const crossed = [];
          for (let k = 0; k < 4; k++) {
            const [a, b] = [corners[k], corners[(k + 1) % 4]];
            if (a > 0 === b > 0) continue;
            const share = a / (a - b);
            const [x, y] = [[share, 0], [1, share], [1 - share, 1], [0, 1 - share]][k];
            crossed.push([(column + x) * size, (row + y) * size]);
          }
          for (let k = 0; k + 1 < crossed.length; k += 2) {
            pen.moveTo(...crossed[k]);
            pen.lineTo(...crossed[k + 1]);
          }
        }
      }
      pen.lineWidth = side / 110;
      pen.lineCap = "round";
      pen.strokeStyle = this.orange;
      pen.stroke();
    }

    // Circles for class 0 and triangles for class 1, drawn once.
    dots(data, side) {
      const layer = new OffscreenCanvas(side, side);
      const pen = layer.getContext("2d");
      const scale = side / (2 * REACH);
      const size = side / 85;
      for (let r = 0; r < lab.network.ROWS; r++) {
        const [x, y] = [(data.x[0][r] + REACH) * scale, (REACH - data.x[1][r]) * scale];
        pen.beginPath();
        if (data.y[r]) {
          pen.moveTo(x, y - size);
          pen.lineTo(x + size, y + size);
          pen.lineTo(x - size, y + size);
          pen.closePath();
        } else pen.arc(x, y, size, 0, 2 * Math.PI);
        pen.fillStyle = data.y[r] ? this.purple : this.blue;
        pen.fill();
      }
      return layer;
    }
  };
})();
