// The React entry on a server, installed as an application has it; and the flow that the hooks and
// the element show.
import assert from 'node:assert/strict';
import { getEventListeners } from 'node:events';
import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { CODE, PASSWORD, Pool, refusal } from '../support/pool.mjs';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const dist = new URL('../../../target/npm/dist/', import.meta.url);
const { Cognito } = await import(new URL('index.js', dist));
const { Flow } = await import(new URL('flow.js', dist));

const credentials = { username: 'user@example.com', password: PASSWORD };

function begin(edit = (_operation, reply) => reply) {
  const pool = new Pool({ bytesOfB: 8 });
  pool.edit = edit;
  const cognito = new Cognito(pool.options);
  const flow = new Flow(cognito);
  const states = [];
  flow.subscribe(({ step, error, pending }) => states.push([step?.kind, error?.code, pending]));
  return { pool, cognito, flow, states };
}

for (const version of ['18', '19']) {
  test(`React ${version} renders the hooks on a server, where nobody is signed in`, async (t) => {
    const application = await mkdtemp(path.join(tmpdir(), 'react-server-'));
    t.after(() => rm(application, { recursive: true, force: true }));
    const modules = path.join(application, 'node_modules');
    await mkdir(modules);
    await cp(path.join(root, 'target/npm'), path.join(modules, 'cognito-email-mfa'), { recursive: true });
    for (const name of ['react', 'react-dom']) {
      const installed = path.join(root, 'e2e/node_modules', version === '18' ? `${name}-18` : name);
      await cp(installed, path.join(modules, name), { recursive: true });
    }
    await writeFile(path.join(application, 'page.mjs'), SERVER_PAGE);
    const { html, version: rendered } = await import(pathToFileURL(path.join(application, 'page.mjs')));
    assert.equal(rendered.split('.')[0], version);
    assert.equal(html, '<p>signedOut none false function function function</p>');
  });
}

const SERVER_PAGE = `
import { createElement, version } from 'react';
import { renderToString } from 'react-dom/server';
import { Cognito } from 'cognito-email-mfa';
import { openSession } from 'cognito-email-mfa/session';
import { useSession, useSignIn } from 'cognito-email-mfa/react';

const cognito = new Cognito({ userPoolId: 'us-east-1_Example1', clientId: 'exampleclient' });
const session = openSession(cognito);
function Page() {
  const { kind } = useSession(session);
  const { step, pending, start, resume, reset } = useSignIn(cognito);
  const text = [kind, step?.kind ?? 'none', pending, typeof start, typeof resume, typeof reset].join(' ');
  return createElement('p', null, text);
}
export const html = renderToString(createElement(Page));
export { version };
`;

test('a flow goes from step to step, and its error is a value', async () => {
  const { flow, states } = begin();
  await flow.start(credentials);
  const { step } = flow.state;
  assert.equal(await step.answer('12'), undefined);
  assert.equal(flow.state.step, step, 'nothing was sent, so the step is still there');
  assert.equal(flow.state.error.code, 'invalid_code');
  await step.answer('999999');
  assert.deepEqual([flow.state.step.wrong, flow.state.step.attemptsLeft], [true, 2]);
  await flow.state.step.resend();
  await flow.state.step.answer(CODE);
  assert.deepEqual(states, [
    [undefined, undefined, true], ['code', undefined, false],
    ['code', undefined, true], ['code', 'invalid_code', false],
    ['code', undefined, true], ['code', undefined, false],
    ['code', undefined, true], ['code', undefined, false],
    ['code', undefined, true], ['signedIn', undefined, false],
  ]);
  assert.equal(flow.state.step.tokens.refreshToken, 'refresh');
});

test('a flow whose sign-in has ended has an error and no step', async () => {
  const { flow } = begin((operation, reply) => (operation === 'CUSTOM_CHALLENGE' ? refusal('Invalid session for the user.') : reply));
  await flow.start(credentials);
  await flow.state.step.answer(CODE);
  assert.deepEqual([flow.state.step, flow.state.error.code, flow.state.pending], [undefined, 'session_expired', false]);
  await flow.start({ ...credentials, username: 7 });
  assert.ok(flow.state.error instanceof TypeError);
});

test('whoever starts or answers twice sends once', async () => {
  const { flow, pool } = begin();
  await Promise.all([flow.start(credentials), flow.start(credentials)]);
  assert.equal(pool.requests.length, 2);
  const { step } = flow.state;
  await Promise.all([step.answer(CODE), step.answer(CODE), step.resend()]);
  assert.equal(pool.requests.length, 3);
  assert.equal(flow.state.step.kind, 'signedIn');
});

test('a listener that starts again while it hears of the start sends nothing more', async () => {
  const { flow, pool } = begin();
  flow.subscribe(({ pending }) => pending && flow.start(credentials));
  await flow.start(credentials);
  assert.equal(pool.requests.length, 2);
});

test('a reset aborts the request, and what it brings changes nothing', async () => {
  let aborted;
  const { flow, pool } = begin((_operation, reply, request) => {
    request.signal.addEventListener('abort', () => (aborted = true));
    return new Promise((resolve) => setTimeout(resolve, 20, reply));
  });
  const starting = flow.start(credentials);
  while (pool.requests.length === 0) await new Promise((resolve) => setTimeout(resolve, 1));
  flow.reset();
  assert.equal(flow.state, Flow.IDLE);
  await starting;
  await new Promise((resolve) => setTimeout(resolve, 40));
  assert.deepEqual([flow.state, aborted, pool.requests.length], [Flow.IDLE, true, 1]);
  pool.edit = (_operation, reply) => reply;
  await flow.start(credentials);
  assert.equal(flow.state.step.kind, 'code');
});

test('the caller\'s own signal ends a call, and another kind of signal is refused', async () => {
  const { flow } = begin();
  await flow.start(credentials);
  await flow.state.step.answer(CODE, { signal: 'soon' });
  assert.ok(flow.state.error instanceof TypeError);
  await flow.state.step.answer(CODE, { signal: AbortSignal.abort() });
  assert.deepEqual([flow.state.step, flow.state.error.code], [undefined, 'aborted']);
});

test('a signal that lives on is let go of after each call', async () => {
  const { flow } = begin();
  const { signal } = new AbortController();
  await flow.start({ ...credentials, signal });
  await flow.state.step.answer('999999', { signal });
  await flow.state.step.answer(CODE, { signal });
  assert.equal(flow.state.step.kind, 'signedIn');
  assert.equal(getEventListeners(signal, 'abort').length, 0);
});

test('who lets go because the tokens have come is still told of them', async () => {
  const { cognito, flow } = begin();
  const letGo = flow.hold();
  // As a page does whose session has the tokens before the step is handed out.
  cognito.onSignedIn(async () => {
    letGo();
    await null;
  });
  const told = [];
  flow.subscribe(({ step }) => told.push(step?.kind));
  await flow.start(credentials);
  await flow.state.step.answer(CODE);
  assert.deepEqual(told.slice(-2), ['signedIn', undefined]);
  assert.equal(flow.state, Flow.IDLE);
});

test('whoever lets go and takes hold again at once has not left', async () => {
  const { flow } = begin();
  const letGo = flow.hold();
  await flow.start(credentials);
  letGo();
  const letGoAgain = flow.hold();
  await null;
  assert.equal(flow.state.step.kind, 'code');
  letGoAgain();
  await null;
  assert.equal(flow.state, Flow.IDLE);
});

test('a step that was saved is gone on with', async () => {
  const { flow, pool } = begin();
  await flow.start(credentials);
  const saved = JSON.parse(JSON.stringify(flow.state.step.save()));
  const later = new Flow(new Cognito(pool.options));
  await later.resume(saved);
  assert.equal(later.state.step.kind, 'code');
  await later.state.step.answer(CODE);
  assert.equal(later.state.step.kind, 'signedIn');
});

test('a step of the past takes nothing away from the one that is shown', async () => {
  const { flow, pool } = begin();
  await flow.start(credentials);
  const { step: past } = flow.state;
  await past.answer('999999');
  const { step } = flow.state;
  for (const late of [() => past.answer(CODE), () => past.resend(), () => past.answer(7)]) {
    await late();
    assert.equal(flow.state.step, step);
    assert.ok(['spent', 'invalid_argument'].includes(flow.state.error.code), flow.state.error.code);
  }
  assert.equal(pool.requests.length, 3);
  await step.answer(CODE);
  assert.equal(flow.state.step.kind, 'signedIn');
});
