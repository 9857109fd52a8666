// What can be compiled in a document: its examples, and the code in its tables.

/** Whose code it is, as the word behind a fence's language or the head of a column names it. */
export const OURS = "cognito-email-mfa";
export const PEERS = ["amazon-cognito-identity-js", "aws-amplify"];

const EXTENSIONS = { js: "ts", ts: "ts", jsx: "tsx", tsx: "tsx" };

/**
 * @param {string} markdown
 * @returns {{ whose: string, line: number, extension: string, code: string }[]} each with the line
 *   that it begins in
 */
export function examplesIn(markdown) {
  return [...fences(markdown), ...cells(markdown)];
}

function* fences(markdown) {
  for (const match of markdown.matchAll(/^```(\w+)(?: (\S+))?\n([^]*?)^```$/gm)) {
    const [, language, whose = OURS, code] = match;
    const extension = EXTENSIONS[language];
    if (extension) yield { whose, line: lineAt(markdown, match.index), extension, code };
  }
}

// A cell with a call in it, in a column of one of the packages.
function* cells(markdown) {
  for (const { head, rows } of tablesIn(markdown)) {
    for (const { line, cells } of rows) {
      for (const [column, cell] of cells.entries()) {
        const whose = head[column]?.replaceAll("`", "").trim();
        if (whose !== OURS && !PEERS.includes(whose)) continue;
        const code = [...cell.matchAll(/`([^`]+)`/g)].map(([, code]) => code).filter((code) => /[(=]/.test(code));
        if (code.length) yield { whose, line, extension: "ts", code: `${code.join(";\n")};\n` };
      }
    }
  }
}

/** The tables of a document: the cells of the head, and those of each row with the row's line. */
export function tablesIn(markdown) {
  const tables = [];
  const lines = markdown.split("\n");
  for (const [index, line] of lines.entries()) {
    if (!/^\|[-| :]+\|$/.test(line)) continue;
    const rows = [];
    for (let at = index + 1; lines[at]?.startsWith("|"); at += 1) {
      rows.push({ line: at + 1, cells: cellsOf(lines[at]) });
    }
    tables.push({ head: cellsOf(lines[index - 1]), rows });
  }
  return tables;
}

function cellsOf(line) {
  return line.replaceAll("\\|", "\u0000").split("|").slice(1, -1).map((cell) => cell.replaceAll("\u0000", "|").trim());
}

function lineAt(text, index) {
  return text.slice(0, index).split("\n").length;
}
