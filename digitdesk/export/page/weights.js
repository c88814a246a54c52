// Weights come as text: base64 of half-precision (float16) or single-precision (float32) numbers.
"use strict";

/** The numbers of an array as the page holds it: { dtype, shape, data }. */
function decodeArray({ dtype, data }) {
  const text = atob(data);
  const bytes = new Uint8Array(text.length);
  for (let k = 0; k < text.length; k += 1) bytes[k] = text.charCodeAt(k);
  if (dtype === "float32") return Float64Array.from(new Float32Array(bytes.buffer));
  return Float64Array.from(new Uint16Array(bytes.buffer), halfToNumber);
}

/** IEEE 754 half precision: one bit of sign, five of exponent, ten of fraction. */
function halfToNumber(bits) {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}
