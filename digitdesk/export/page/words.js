// What the page says, in English and in Chinese.
"use strict";

const WORDS = {
  en: {
    language: "中文",
    theme: "Light or dark",
    digit: "Digit",
    number: "Number",
    undo: "Undo",
    clear: "Clear",
    board: "Drawing board",
    model: "Read with",
    hint: "Draw a digit with mouse, finger or pen.",
    numberHint: "Write a number with mouse, finger or pen.",
    seen: "What the network sees",
    sure: "{percent} sure",
    notSure: "Not sure. {why}",
    perhaps: "perhaps {name}, {percent}",
    unsure: "Not sure enough to say.",
    letter: "This looks like a letter, not a digit.",
    scribble: "This looks like a scribble.",
    "two-digits": "This looks like more than one digit.",
    faint: "This is too faint.",
    other: "This looks like {name}.",
  },
  zh: {
    language: "English",
    theme: "浅色或深色",
    digit: "数字",
    number: "多位数",
    undo: "撤销",
    clear: "清空",
    board: "画板",
    model: "识别模型",
    hint: "用鼠标、手指或笔写一个数字。",
    numberHint: "用鼠标、手指或笔写一个多位数。",
    seen: "网络看到的图像",
    sure: "把握 {percent}",
    notSure: "不确定。{why}",
    perhaps: "也许是 {name}，{percent}",
    unsure: "把握不足，无法判断。",
    letter: "这看起来像字母，不是数字。",
    scribble: "这看起来像涂鸦。",
    "two-digits": "这看起来不止一个数字。",
    faint: "字迹太淡。",
    other: "这看起来像 {name}。",
  },
};

let language = (navigator.language || "en").startsWith("zh") ? "zh" : "en";

/** A sentence in the reader's language, its {places} filled in. */
function say(key, places = {}) {
  const sentence = WORDS[language][key];
  return sentence.replace(/\{(\w+)\}/g, (_, name) => places[name]);
}

/** Write every text of the page anew; elements say by data-say which sentence is theirs. */
function showLanguage(chosen) {
  language = chosen;
  document.documentElement.lang = chosen;
  for (const element of document.querySelectorAll("[data-say]")) {
    element.textContent = say(element.dataset.say);
  }
  for (const element of document.querySelectorAll("[data-say-label]")) {
    element.setAttribute("aria-label", say(element.dataset.sayLabel));
    element.title = say(element.dataset.sayLabel);
  }
  for (const element of document.querySelectorAll("[data-lang]")) {
    element.hidden = element.dataset.lang !== chosen;
  }
}

/** A ratio as people write it; what is not quite certain is not called certain. */
function percent(ratio) {
  const rounded = Math.round(100 * ratio);
  return `${rounded === 100 && ratio < 1 ? "> 99" : rounded} %`;
}
