// Weights come as text: base85 of half-precision (float16) or single-precision (float32) numbers.
"use strict";

/** What stands for 0 … 84, as in RFC 1924, but for what a script or a frame may not hold. */
const LETTERS =
  "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz!#$%&()*+-;,=>?@^_`.|}~";
const LETTER_VALUES = new Uint8Array(128);
[...LETTERS].forEach((letter, value) => (LETTER_VALUES[letter.charCodeAt(0)] = value));

/** The numbers of an array as the page holds it: { dtype, shape, data }. */
function decodeArray({ dtype, data }) {
  const bytes = bytesOf(data);
  if (dtype === "float32") return new Float64Array(new Float32Array(bytes.buffer));
  return new Float64Array(new Uint16Array(bytes.buffer)).map(halfToNumber);
}

/** Each five letters are four bytes; of the last group, as many letters are left out as bytes. */
function bytesOf(text) {
  const view = new DataView(new ArrayBuffer(Math.ceil(text.length / 5) * 4));
  for (let first = 0; first < text.length; first += 5) {
    let number = 0;
    for (let k = first; k < first + 5; k += 1) {
      number = number * 85 + (k < text.length ? LETTER_VALUES[text.charCodeAt(k)] : 84);
    }
    view.setUint32((first / 5) * 4, number);
  }
  return new Uint8Array(view.buffer.slice(0, Math.floor((text.length * 4) / 5)));
}

/** IEEE 754 half precision: one bit of sign, five of exponent, ten of fraction. */
function halfToNumber(bits) {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}
