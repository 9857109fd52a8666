// The languages of the element, which are those of the mails.
import de from './words-de.js';
import en from './words-en.js';
import es from './words-es.js';
import fr from './words-fr.js';
import ja from './words-ja.js';
import pt from './words-pt.js';

const LANGUAGES = { de, en, es, fr, ja, pt };
// Errors that a person cannot tell from another.
const SAME = {
  timeout: 'network',
  spent: 'session_expired',
  session_used: 'session_expired',
  limit_exceeded: 'throttled',
  signed_out: 'session_expired',
  device_refused: 'session_expired',
  no_randomness: 'wasm_unavailable',
};
// What a person can have typed, or a page have saved. Other mistakes are the page's.
const BAD_INPUT = {
  username: 'bad_credentials',
  password: 'bad_credentials',
  saved: 'session_expired',
};
// What was lost on its way may have arrived.
const LOST = ['network', 'timeout'];

// By the first part of a language's tag; English if there are no others.
export function wordsFor(tag, own) {
  const language = tag.toLowerCase().split('-')[0];
  return { ...(Object.hasOwn(LANGUAGES, language) ? LANGUAGES[language] : en), ...own };
}

export function fill(sentence, values) {
  return sentence.replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
}

// The sentence for an error of the first request, or of an answer, which ends the sign-in.
export function sentenceFor({ code, message }, words, { answered }) {
  if (code === 'invalid_argument') return words[BAD_INPUT[/^\w+/.exec(message)]] ?? words.misconfigured;
  if (answered && LOST.includes(code)) return words.lost;
  return words[code] ?? words[SAME[code]] ?? words.unavailable;
}

// What an attribute of Cognito's is called.
export function nameOf(attribute, words) {
  return words[attribute] ?? attribute.replace(/^custom:/, '').replaceAll('_', ' ');
}
