// What of the element needs no browser: its words, what it shows for each step, and that a server
// may import it.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';

const dist = new URL('../../../target/npm/dist/', import.meta.url);
const { fill, sentenceFor, wordsFor } = await import(new URL('words.js', dist));
const { viewOf } = await import(new URL('element-views.js', dist));
const LANGUAGES = ['de', 'en', 'es', 'fr', 'ja', 'pt'];

test('a server imports the element and defines nothing', async () => {
  assert.equal(globalThis.customElements, undefined);
  const { defineSignIn } = await import(new URL('element.js', dist));
  assert.equal(defineSignIn(), undefined);
});

test('each language says everything, with the same blanks to fill in, and no two languages the same', async () => {
  const blanks = (sentence) => (sentence.match(/\{\w+\}/g) ?? []).sort();
  const english = wordsFor('en');
  for (const tag of LANGUAGES) {
    const words = wordsFor(tag);
    assert.deepEqual(Object.keys(words), Object.keys(english), tag);
    for (const [name, sentence] of Object.entries(words)) {
      assert.ok(sentence.trim(), `${tag}.${name}`);
      assert.deepEqual(blanks(sentence), blanks(english[name]), `${tag}.${name}`);
    }
  }
  assert.equal(new Set(LANGUAGES.map((tag) => wordsFor(tag).signIn)).size, LANGUAGES.length);
});

test('the words in the types are the words that there are', async () => {
  const types = await readFile(new URL('element.d.ts', dist), 'utf8');
  const [, union] = /export type Word =([^;]*);/.exec(types);
  const declared = [...union.matchAll(/'(\w+)'/g)].map(([, name]) => name);
  assert.deepEqual(declared.sort(), Object.keys(wordsFor('en')).sort());
});

test('the language is the first part of a tag, and English where there is no other', () => {
  assert.equal(wordsFor('de-AT').signIn, 'Anmelden');
  assert.equal(wordsFor('PT-br').signIn, 'Entrar');
  for (const tag of ['it', '', 'constructor', '__proto__']) assert.equal(wordsFor(tag).signIn, 'Sign in', tag);
  assert.equal(wordsFor('fr', { signIn: 'Bienvenue' }).signIn, 'Bienvenue');
  assert.equal(fill('{n} of {m}', { n: 2 }), '2 of {m}');
});

test('every error code of the package has a sentence, and what was lost on its way has its own', async () => {
  const words = wordsFor('en');
  const types = await readFile(new URL('index.d.ts', dist), 'utf8');
  const [, union] = /export type ErrorCode =([^]*?);\n\n/.exec(types);
  const codes = [...union.matchAll(/^ *\| '([a-z_]+)'/gm)].map(([, code]) => code);
  assert.ok(codes.length > 20);
  for (const code of codes) {
    for (const answered of [true, false]) {
      assert.equal(typeof sentenceFor({ code, message: '' }, words, { answered }), 'string', code);
    }
  }
  const sentence = (code, answered, message = '') => sentenceFor({ code, message }, words, { answered });
  assert.equal(sentence('network', false), words.network);
  assert.equal(sentence('timeout', true), words.lost);
  assert.equal(sentence('bad_reply', true), words.unavailable);
  assert.equal(sentence('invalid_argument', false, 'username: expected up to 128'), words.bad_credentials);
  assert.equal(sentence('invalid_argument', false, 'userPoolId: expected a string'), words.misconfigured);
  assert.equal(sentence('invalid_argument', false, 'saved.session: expected a string'), words.session_expired);
});

test('where SRP is offered, the password itself is not', () => {
  const step = { kind: 'choice', purpose: 'firstFactor', options: ['PASSWORD', 'PASSWORD_SRP', 'NEW_THING'] };
  const chosen = [];
  const { options } = viewOf(step, { pick: (option) => chosen.push(option) }, wordsFor('en'));
  assert.deepEqual(options.map(({ label }) => label), ['Password', 'NEW_THING']);
  options[0].choose();
  assert.deepEqual(chosen, ['PASSWORD_SRP']);
});

test('an option that needs an address asks for it, and a required attribute is named as the pool does if nobody knows it', () => {
  const words = wordsFor('en');
  const step = { kind: 'choice', purpose: 'setUp', options: ['EMAIL_OTP'] };
  const picked = viewOf(step, { picked: 'EMAIL_OTP' }, words);
  assert.deepEqual(picked.fields.map(({ name, type }) => [name, type]), [['email', 'email']]);
  const asked = { kind: 'newPassword', requiredAttributes: ['birthdate', 'custom:staff_number'], attributes: { 'custom:staff_number': '7' } };
  const { fields } = viewOf(asked, {}, words);
  assert.deepEqual(fields.map(({ label, type, value }) => [label, type, value]), [
    ['New password', 'password', undefined], ['Date of birth', 'date', ''], ['staff number', 'text', '7'],
  ]);
});
