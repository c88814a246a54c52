// The layers of a network, each a function from numbers to numbers, as DigitDesk's own are written.
//
// An image is { numbers, channels, height, width }: one channel after the other, row after row. A
// vector is an image of one pixel with a channel for each number. Only reading is done here.
"use strict";

/** A table of operations: how each kind of layer is made ready for inputs of one shape. */
const LAYERS = {
  conv: makeConvolution,
  dense: makeDense,
  maxpool: (layer, shape) => makePool(layer, shape, largest),
  averagepool: (layer, shape) => makePool(layer, shape, mean),
  flatten: (layer, shape) => ({
    shape: { channels: shape.channels * shape.height * shape.width, height: 1, width: 1 },
    read: (numbers) => numbers,
  }),
  dropout: (layer, shape) => ({ shape, read: (numbers) => numbers }),
  batchnorm: makeNormalization,
  residual: makeResidual,
  softmax: (layer, shape) => ({ shape, read: softmax }),
  relu: eachNumber(() => (x) => (x > 0 ? x : 0)),
  leakyrelu: eachNumber(({ slope }) => (x) => (x > 0 ? x : slope * x)),
  elu: eachNumber(({ alpha }) => (x) => (x > 0 ? x : alpha * Math.expm1(x))),
  sigmoid: eachNumber(() => sigmoid),
  tanh: eachNumber(() => Math.tanh),
  swish: eachNumber(() => (x) => x * sigmoid(x)),
  gelu: eachNumber(() => (x) => {
    const u = Math.sqrt(2 / Math.PI) * (x + 0.044715 * x * x * x);
    return (x / 2) * (1 + Math.tanh(u));
  }),
};

/** Layers in a row; `read` takes the numbers of one sample and gives those of the last layer. */
function makeNetwork(layers, shape) {
  const made = [];
  for (const layer of layers) {
    const ready = LAYERS[layer.kind](layer, shape);
    made.push(ready);
    shape = ready.shape;
  }
  return { shape, read: (numbers) => made.reduce((x, layer) => layer.read(x), numbers) };
}

/**
 * y[f, h, w] = b[f] + Σ kernel[f, c, i, j] · x[c, s·h + i − p, s·w + j − p]
 *
 * The image gets its border of zeros first. Then every number of a patch lies at a fixed distance
 * from the patch's corner: these distances are the taps. Four filters and two patches are worked on
 * at once, so that each number that is fetched is used several times.
 */
function makeConvolution({ kernel, bias, filters, size, stride, padding }, shape) {
  const { channels } = shape;
  const [rows, columns] = [shape.height + 2 * padding, shape.width + 2 * padding];
  const [height, width] = [rows, columns].map((side) => Math.floor((side - size) / stride) + 1);
  const padded = new Float64Array(channels * rows * columns);
  const taps = new Int32Array(channels * size * size);
  for (let c = 0, t = 0; c < channels; c += 1) {
    for (let i = 0; i < size; i += 1) {
      for (let j = 0; j < size; j += 1, t += 1) taps[t] = (c * rows + i) * columns + j;
    }
  }
  const weights = byFours(kernel, filters, taps.length);
  const y = new Float64Array(filters * height * width);
  const plane = height * width;
  const sums = new Float64Array(8); // of four filters, then of the same in the patch beside

  function fill(x) {
    for (let c = 0, from = 0; c < channels; c += 1) {
      for (let h = 0; h < shape.height; h += 1, from += shape.width) {
        const to = (c * rows + h + padding) * columns + padding;
        padded.set(x.subarray(from, from + shape.width), to);
      }
    }
  }

  function read(x) {
    fill(x);
    const count = taps.length;
    for (let f = 0; f < filters; f += 4) {
      const last = Math.min(4, filters - f);
      for (let h = 0; h < height; h += 1) {
        for (let w = 0; w < width; w += 2) {
          const here = h * stride * columns + w * stride;
          const beside = w + 1 < width ? here + stride : here;
          let a0 = 0, a1 = 0, a2 = 0, a3 = 0;
          let b0 = 0, b1 = 0, b2 = 0, b3 = 0;
          for (let t = 0, k = f * count; t < count; t += 1, k += 4) {
            const a = padded[here + taps[t]];
            const b = padded[beside + taps[t]];
            const k0 = weights[k], k1 = weights[k + 1], k2 = weights[k + 2], k3 = weights[k + 3];
            a0 += a * k0, a1 += a * k1, a2 += a * k2, a3 += a * k3;
            b0 += b * k0, b1 += b * k1, b2 += b * k2, b3 += b * k3;
          }
          sums[0] = a0, sums[1] = a1, sums[2] = a2, sums[3] = a3;
          sums[4] = b0, sums[5] = b1, sums[6] = b2, sums[7] = b3;
          for (let g = 0; g < last; g += 1) {
            const to = (f + g) * plane + h * width + w;
            y[to] = sums[g] + bias[f + g];
            if (w + 1 < width) y[to + 1] = sums[4 + g] + bias[f + g];
          }
        }
      }
    }
    return y;
  }
  return { shape: { channels: filters, height, width }, read };
}

/** A kernel (filters, taps) as blocks of four filters, tap after tap: (filters / 4, taps, 4). */
function byFours(kernel, filters, taps) {
  const blocks = new Float64Array(Math.ceil(filters / 4) * 4 * taps);
  for (let f = 0; f < filters; f += 1) {
    const first = (f - (f % 4)) * taps + (f % 4);
    for (let t = 0; t < taps; t += 1) blocks[first + 4 * t] = kernel[f * taps + t];
  }
  return blocks;
}

/** y = W x + b */
function makeDense({ kernel, bias, units }, shape) {
  const features = shape.channels;
  const y = new Float64Array(units);
  function read(x) {
    for (let u = 0; u < units; u += 1) {
      let sum = bias[u];
      for (let d = 0, k = u * features; d < features; d += 1, k += 1) sum += kernel[k] * x[d];
      y[u] = sum;
    }
    return y;
  }
  return { shape: { channels: units, height: 1, width: 1 }, read };
}

/** One number for each window of the image; windows that would reach over its border are left out. */
function makePool({ size, stride }, shape, ofWindow) {
  const [height, width] = [shape.height, shape.width].map(
    (side) => Math.floor((side - size) / stride) + 1,
  );
  const y = new Float64Array(shape.channels * height * width);
  function read(x) {
    let to = 0;
    for (let c = 0; c < shape.channels; c += 1) {
      for (let h = 0; h < height; h += 1) {
        for (let w = 0; w < width; w += 1, to += 1) {
          const corner = (c * shape.height + h * stride) * shape.width + w * stride;
          y[to] = ofWindow(x, corner, size, shape.width);
        }
      }
    }
    return y;
  }
  return { shape: { channels: shape.channels, height, width }, read };
}

function largest(x, corner, size, columns) {
  let most = x[corner];
  for (let i = 0; i < size; i += 1) {
    for (let j = 0; j < size; j += 1) {
      const value = x[corner + i * columns + j];
      if (value > most) most = value;
    }
  }
  return most;
}

function mean(x, corner, size, columns) {
  let sum = 0;
  for (let i = 0; i < size; i += 1) {
    for (let j = 0; j < size; j += 1) sum += x[corner + i * columns + j];
  }
  return sum / (size * size);
}

/** y = γ (x − μ) / √(σ² + ε) + β, with the running mean and variance, for each channel. */
function makeNormalization({ gamma, beta, mean: middle, variance, epsilon }, shape) {
  const plane = shape.height * shape.width;
  const y = new Float64Array(shape.channels * plane);
  function read(x) {
    for (let c = 0, k = 0; c < shape.channels; c += 1) {
      const scale = gamma[c] / Math.sqrt(variance[c] + epsilon);
      for (const end = k + plane; k < end; k += 1) y[k] = (x[k] - middle[c]) * scale + beta[c];
    }
    return y;
  }
  return { shape, read };
}

/** y = F(x) + S(x): its layers, and what came in or a 1×1 convolution of it. */
function makeResidual({ layers, shortcut }, shape) {
  const inner = makeNetwork(layers, shape);
  const outer = shortcut ? makeConvolution(shortcut, shape) : null;
  const y = new Float64Array(inner.shape.channels * inner.shape.height * inner.shape.width);
  function read(x) {
    // What came in belongs to the layer before, which does not run again meanwhile.
    const along = outer ? outer.read(x) : x;
    const through = inner.read(x);
    for (let k = 0; k < y.length; k += 1) y[k] = through[k] + along[k];
    return y;
  }
  return { shape: inner.shape, read };
}

/** A layer that does the same to each number by itself. */
function eachNumber(functionOf) {
  return (layer, shape) => {
    const change = functionOf(layer);
    const y = new Float64Array(shape.channels * shape.height * shape.width);
    function read(x) {
      for (let k = 0; k < y.length; k += 1) y[k] = change(x[k]);
      return y;
    }
    return { shape, read };
  };
}

function sigmoid(x) {
  return (1 + Math.tanh(x / 2)) / 2;
}

/** e^x / Σ e^x, shifted by the largest so that nothing overflows. */
function softmax(x) {
  const most = Math.max(...x);
  const powers = Float64Array.from(x, (value) => Math.exp(value - most));
  const sum = powers.reduce((a, b) => a + b, 0);
  return powers.map((value) => value / sum);
}
