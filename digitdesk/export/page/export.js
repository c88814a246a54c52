// The exported page has its reader within itself.
"use strict";

const MODEL = JSON.parse(document.getElementById("model").textContent);
const READER = makeReader(MODEL);
const PAGE = startPage(READER);
