// Passwords as people have them: in every script, composed and decomposed, as short and as long as a pool allows.

/** What a pool allows, in characters. */
const [SHORTEST, LONGEST] = [8, 256];

// Letters, and what joins or marks them, of one script each.
const ALPHABETS = {
  Latin: "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789",
  punctuation: "^$*.[]{}()?-\"!@#%&/\\,><':;|_~`+= ",
  accented: "éüñçøåßœÆþğİıŁő",
  decomposed: ["e\u0301", "u\u0308", "n\u0303", "c\u0327", "a\u030a", "o\u030b", "g\u0306"],
  Greek: "αβγδεζηθικλμνξοπρσςτυφχψωΩΆϊΐ",
  Cyrillic: "абвгдеёжзийклмнопрстуфхцчшщъыьэюяЇґ",
  Hebrew: ["א", "ב", "ג", "ש\u05c1", "ל\u05b8", "\u200f", "ת"],
  Arabic: ["ا", "ب", "ت\u064e", "ث", "\u061c", "لا", "ﷺ", "٣"],
  Devanagari: ["क", "कि", "क्ष", "ज्ञ", "त्र", "ॐ"],
  Thai: ["ก", "กิ", "ที่", "ำ", "๙"],
  Hangul: ["한", "글", "\u1112\u1161\u11ab", "암", "호"],
  Han: "密码口令漢字国國𠮷𡈽",
  kana: ["パ", "ハ\u309a", "ス", "ﾜ", "ー", "ド"],
  emoji: ["😀", "👩‍👩‍👧‍👦", "🇪🇺", "👍🏽", "❤️", "🏴󠁧󠁢󠁳󠁣󠁴󠁿"],
  bidirectional: ["\u202e", "a", "\u202c", "\u2066", "ב", "\u2069", "1"],
  invisible: ["\u200b", "\u200d", "\ufeff", "\u00ad", "\u2028", "\u00a0", "x"],
  controls: ["\0", "\t", "\n", "\r", "\u001b", "\u007f", "\u0085", "y"],
  compatible: ["ﬁ", "①", "Ａ", "ſ", "Å", "K", "㎏"],
};

/** The scripts' names. */
export const SCRIPTS = Object.keys(ALPHABETS);

/**
 * Draws a password of a script: one of four as short as a pool allows, one as long, the others between.
 *
 * @param {string} script one of `SCRIPTS`
 * @param {() => number} draw a random number from 0 to 1
 */
export function drawPassword(script, draw) {
  const letters = [...ALPHABETS[script]];
  const any = (list) => list[Math.floor(draw() * list.length)];
  const length = any([SHORTEST, LONGEST, SHORTEST + Math.floor(draw() * 30), SHORTEST + Math.floor(draw() * 200)]);
  // Cognito takes no space at either end, and a random end keeps people apart.
  let inner = "";
  for (let letter = any(letters); lengthOf(inner + letter) <= length - 4; letter = any(letters)) inner += letter;
  const [first, ...end] = Array.from({ length: length - lengthOf(inner) }, () => any([...ALPHABETS.Latin]));
  return first + inner + end.join("");
}

/** Passwords that are easily taken for this one, and are another. */
export function nearMisses(password) {
  const letters = [...password];
  const misses = [
    password.normalize("NFC"),
    password.normalize("NFD"),
    password.normalize("NFKC"),
    password.toUpperCase(),
    password.toLowerCase(),
    `${password} `,
    ` ${password}`,
    `${password}\0`,
    `\ufeff${password}`,
    letters.slice(1).join(""),
    letters.slice(0, -1).join(""),
    [letters[1], letters[0], ...letters.slice(2)].join(""),
    letters.toReversed().join(""),
  ];
  // A client refuses itself what no pool could take.
  return misses.filter((miss) => miss !== password && Buffer.byteLength(miss) <= 1024);
}

// As a pool counts: in code points.
function lengthOf(text) {
  return [...text].length;
}
