// Who is signed in, and tokens that are fresh when they are asked for.
import { Alarm } from './alarm.js';
import { CognitoError, report } from './errors.js';
import { News } from './news.js';
import { oneAtATime } from './one-at-a-time.js';
import { callable, readSignal, strings } from './options.js';
import { placeOf } from './place.js';
import { readRecord, recordKey, recordOf, tokensOf } from './record.js';
import { Refresher, endsSession } from './refresh.js';
import { orAborted, pause, throwIfAborted } from './waiting.js';

// Refreshed when this part of their life is over, more or less, so that tabs do not wake at once.
const DUE_AT = 0.8;
const JITTER = 0.1;
// Tokens with less than this are not handed out: the request they are for takes time too.
const MARGIN_MS = 30_000;
const MARGIN = 0.1;
// After a failure the pool is left alone.
const REST_MS = 30_000;
// A clock that was put back this far says nothing about age.
const CLOCK_SLACK_MS = 300_000;
// How long a tab that was refused waits for what another tab may have been given.
const SIBLING_MS = 1_000;

const SIGNED_OUT = Object.freeze({ kind: 'signedOut' });

export function openSession(cognito, options) {
  const { store = 'memory', clientMetadata } = options ?? {};
  callable('cognito.onSignedIn', cognito?.onSignedIn);
  strings('clientMetadata', clientMetadata);
  return new Session({ cognito, store, clientMetadata: clientMetadata && { ...clientMetadata } });
}

class Session {
  #pool;
  #key;
  #place;
  #refresher;
  #news;
  #alarm;
  #opened;
  #unsubscribe;
  #record;
  #since; // When the record came to this page, by a clock that nobody sets.
  #spread;
  #state = SIGNED_OUT;
  #listeners = new Set();
  #changes = 0;
  #refreshing;
  #failure;
  #failedAt = -Infinity; // By the clock that nobody sets.
  #left; // The sign-in that the person has left here, by its `origin_jti`.

  constructor({ cognito, store, clientMetadata }) {
    this.#pool = cognito.settings;
    this.#key = recordKey(this.#pool);
    this.#place = placeOf(store, this.#key);
    this.#refresher = new Refresher(this.#pool, clientMetadata);
    if (this.#place.shared) this.#news = new News(this.#key, () => this.#reread());
    this.#alarm = new Alarm(() => this.#wake());
    this.#opened = this.#reread() ?? Promise.resolve();
    this.#unsubscribe = cognito.onSignedIn((step) => this.keep(step.tokens));
  }

  // What is under way is finished: a rotated refresh token that nobody keeps would be lost.
  close() {
    this.#unsubscribe();
    this.#alarm.close();
    this.#news?.close();
  }

  get clientId() {
    return this.#pool.clientId;
  }

  get opened() {
    return this.#opened;
  }

  get state() {
    return this.#state;
  }

  subscribe = (listener) => {
    callable('listener', listener);
    // The same function may subscribe twice.
    const subscription = { listener };
    this.#listeners.add(subscription);
    return () => void this.#listeners.delete(subscription);
  };

  async tokens(options) {
    const signal = await this.#ready(options);
    const record = this.#signedIn();
    if (!this.#isDue(record)) return tokensOf(record);
    const refreshing = this.#mayRefresh() ? this.#refresh() : Promise.reject(this.#failure);
    const { margin } = this.#times(record);
    if (Date.now() < record.expiresAt - margin && !this.#isOutdated(record)) {
      refreshing.catch(() => {});
      return tokensOf(record);
    }
    try {
      return tokensOf(await orAborted(refreshing, signal));
    } catch (error) {
      // The last seconds are better than nothing.
      if (error.code === 'aborted' || this.#record !== record || this.#isOutdated(record)) throw error;
      return tokensOf(record);
    }
  }

  async refresh(options) {
    const signal = await this.#ready(options);
    this.#signedIn();
    return tokensOf(await orAborted(this.#refresh(), signal));
  }

  async keep(tokens) {
    const record = recordOf(tokens, this.#pool);
    const { verifyTokens } = this.#pool;
    if (verifyTokens) await verifyTokens.verify(tokens, this.#pool);
    this.#left = undefined;
    return this.#keep(record);
  }

  async signOut(options) {
    const signal = await this.#ready(options);
    // Another tab may have been given a newer refresh token.
    await this.#reread();
    const record = this.#record;
    this.#left = record?.origin;
    await this.#end(SIGNED_OUT);
    if (record) await orAborted(this.#refresher.revoke(record), signal);
  }

  async signOutEverywhere(options) {
    const tokens = await this.tokens(options);
    await orAborted(this.#refresher.signOutEverywhere(tokens), options?.signal);
    this.#left = this.#record?.origin;
    await this.#end(SIGNED_OUT);
  }

  async #ready(options) {
    const signal = readSignal(options?.signal);
    throwIfAborted(signal);
    await orAborted(this.#opened, signal);
    return signal;
  }

  #signedIn() {
    if (this.#record) return this.#record;
    throw this.#state.cause ?? new CognitoError('signed_out', 'nobody is signed in');
  }

  // One refresh at a time in this tab; the others wait for it.
  #refresh() {
    this.#refreshing ??= this.#refreshOnce().finally(() => {
      this.#refreshing = undefined;
    });
    return this.#refreshing;
  }

  async #refreshOnce() {
    const { text } = this.#record;
    const work = () => this.#replace(text);
    try {
      const { shared } = this.#place;
      return await (shared ? oneAtATime(`${this.#key}.refresh`, this.#news, work) : work());
    } catch (error) {
      if (this.#record) {
        this.#failure = error;
        this.#failedAt = performance.now();
        this.#schedule();
      }
      throw error;
    }
  }

  // Replaces the record with this text, unless another tab has done so.
  async #replace(text) {
    await this.#reread();
    const record = this.#signedIn();
    if (record.text !== text && !this.#isDue(record)) return record;
    if (record.refreshToken === undefined) return this.#runOut(record);
    let next;
    this.#news?.tell('refreshing');
    try {
      next = await this.#refresher.refresh(record);
    } catch (error) {
      if (endsSession(error)) return this.#refused(record, error);
      this.#news?.tell('changed');
      throw error;
    }
    await this.#reread();
    if (this.#record?.text !== record.text) {
      // Somebody has signed out, or in, or was quicker. What they left stands.
      if (!this.#record && next.refreshToken !== record.refreshToken) {
        this.#refresher.revoke(next).catch(() => {});
      }
      return this.#signedIn();
    }
    if (next.user.sub !== record.user.sub) {
      return this.#endWith(new CognitoError('signed_out', 'the pool answered with the tokens of somebody else'));
    }
    await this.#keep(next);
    return next;
  }

  // A refusal is about the refresh token that was sent. If there is another by now, it may be good.
  async #refused(record, { message, exception, status, requestId }) {
    for (const wait of this.#place.shared ? [0, SIBLING_MS] : []) {
      await pause(wait);
      await this.#reread();
      if (this.#record?.text !== record.text) return this.#signedIn();
    }
    return this.#endWith(new CognitoError('signed_out', message, { exception, status, requestId }));
  }

  #runOut(record) {
    if (!this.#isOutdated(record)) return record;
    return this.#endWith(new CognitoError('signed_out', 'the tokens have expired, and there is no refresh token'));
  }

  async #endWith(cause) {
    await this.#end(Object.freeze({ kind: 'signedOut', cause }));
    throw cause;
  }

  async #end(state) {
    const cleared = this.#place.clear();
    this.#become(undefined, state);
    await cleared;
    this.#news?.tell('changed');
  }

  async #keep(record) {
    const written = this.#place.write(record.text);
    this.#become(record);
    const stands = await written;
    this.#news?.tell('changed');
    return stands;
  }

  // What the store has, unless this page changes it meanwhile. Waits only if the store does.
  #reread() {
    const changes = this.#changes;
    const take = (text) => {
      if (text === undefined || changes !== this.#changes || text === (this.#record?.text ?? null)) return undefined;
      const record = text === null ? undefined : readRecord(text, this.#pool);
      // Another tab was refreshing while the person signed out here, and could not know.
      if (record && record.origin !== undefined && record.origin === this.#left) return this.#end(SIGNED_OUT);
      if (record?.text !== this.#record?.text) this.#become(record);
      return undefined;
    };
    const text = this.#place.read();
    return typeof text?.then === 'function' ? text.then(take) : take(text);
  }

  #become(record, state = SIGNED_OUT) {
    this.#changes += 1;
    const before = this.#record;
    this.#record = record;
    this.#since = performance.now();
    this.#spread = DUE_AT * (1 + JITTER * (2 * Math.random() - 1));
    this.#failedAt = -Infinity;
    this.#schedule();
    if (!record && !before) return;
    this.#state = record
      ? Object.freeze({ kind: 'signedIn', user: record.user, expiresAt: new Date(record.expiresAt) })
      : state;
    for (const { listener } of [...this.#listeners]) {
      try {
        listener(this.#state);
      } catch (error) {
        report(error);
      }
    }
  }

  async #wake() {
    try {
      // Another tab may have been busy while this one slept.
      await this.#reread();
      if (this.#record && this.#isDue(this.#record) && this.#mayRefresh()) await this.#refresh();
    } catch {
      // Whoever asks for tokens learns of it.
    } finally {
      this.#schedule();
    }
  }

  #schedule() {
    const record = this.#record;
    if (!record) return this.#alarm.set(Infinity);
    const { due } = this.#times(record);
    const at = record.refreshToken === undefined ? record.expiresAt : due;
    this.#alarm.set(Math.max(at, Date.now() + this.#restLeft()));
  }

  #times({ receivedAt, expiresAt }) {
    const life = expiresAt - receivedAt;
    return { due: receivedAt + life * this.#spread, margin: Math.min(MARGIN_MS, life * MARGIN) };
  }

  #isDue(record) {
    const { due } = this.#times(record);
    const now = Date.now();
    return now >= due || now < record.receivedAt - CLOCK_SLACK_MS || this.#isOutdated(record);
  }

  // Whether the life is over by the wall clock, or by the one that nobody sets.
  #isOutdated({ receivedAt, expiresAt }) {
    return Date.now() >= expiresAt || performance.now() - this.#since >= expiresAt - receivedAt;
  }

  #mayRefresh() {
    return this.#refreshing !== undefined || this.#restLeft() <= 0;
  }

  #restLeft() {
    return this.#failedAt + REST_MS - performance.now();
  }
}
