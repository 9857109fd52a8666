// Values that no caller hands over on purpose. Each is made anew, for some can be used once.

// What getters, traps and conversions of these values throw: it comes through as it is.
export class Mine extends RangeError {}
const fail = () => {
  throw new Mine('thrown by the value itself');
};
const traps = Object.fromEntries(Object.getOwnPropertyNames(Reflect).map((name) => [name, fail]));

function cyclic() {
  const value = { name: 'x' };
  value.self = value;
  return value;
}

function detached() {
  const bytes = new Uint8Array(16);
  structuredClone(bytes.buffer, { transfer: [bytes.buffer] });
  return bytes;
}

function revoked() {
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  return proxy;
}

function rejected() {
  const promise = Promise.reject(new Mine('rejected by the value itself'));
  promise.catch(() => {});
  return promise;
}

export const HOSTILE = {
  undefined: () => undefined,
  null: () => null,
  true: () => true,
  false: () => false,
  0: () => 0,
  '-1': () => -1,
  0.5: () => 0.5,
  NaN: () => NaN,
  Infinity: () => Infinity,
  '2^53': () => 2 ** 53,
  '5n': () => 5n,
  symbol: () => Symbol('x'),
  'known symbol': () => Symbol.iterator,
  'no characters': () => '',
  digits: () => '5',
  'a text': () => 'x',
  'a megabyte': () => 'x'.repeat(1 << 20),
  NUL: () => 'a\0b',
  'half a character': () => '\ud800',
  emoji: () => '😀',
  'a line break': () => 'x\r\nY: z',
  __proto__name: () => '__proto__',
  url: () => 'https://example.com/',
  'a boxed text': () => new String('user@example.com'),
  'a boxed number': () => new Number(5),
  object: () => ({}),
  'no prototype': () => Object.create(null),
  'own __proto__': () => JSON.parse('{"__proto__":"x","constructor":"y"}'),
  cyclic,
  deep: () => {
    let value = {};
    for (let depth = 0; depth < 20_000; depth += 1) value = { value };
    return value;
  },
  'many members': () => Object.fromEntries(Array.from({ length: 10_000 }, (_, i) => [`k${i}`, 'v'])),
  'numbers in it': () => ({ x: 7 }),
  'a symbol in it': () => ({ x: Symbol('y') }),
  list: () => [],
  'holes in it': () => [, 'x', , ],
  'list of lists': () => [[[]]],
  'pairs that are none': () => [['a', 'b', 'c']],
  'a long list': () => new Array(1e5),
  function: () => () => {},
  'a function that throws': () => fail,
  'a function that never answers': () => () => new Promise(() => {}),
  class: () => class {},
  generator: () => (function* () { yield 1; })(),
  date: () => new Date(NaN),
  map: () => new Map([['a', 1]]),
  error: () => new Error('x'),
  expression: () => /x/g,
  promise: () => Promise.resolve('x'),
  rejected,
  thenable: () => ({ then: fail }),
  'a thenable that never answers': () => ({ then: () => {} }),
  bytes: () => new Uint8Array(16),
  'no bytes': () => new Uint8Array(),
  detached,
  'shared bytes': () => new Uint8Array(new SharedArrayBuffer(16)),
  'other numbers': () => new Float64Array(4),
  buffer: () => new ArrayBuffer(8),
  view: () => new DataView(new ArrayBuffer(8)),
  'no signal': () => Object.create(AbortSignal.prototype),
  'a signal that has fired': () => AbortSignal.abort(new Mine('fired')),
  controller: () => new AbortController(),
  'a getter that throws': () => Object.defineProperty({}, 'x', { get: fail, enumerable: true }),
  'no text': () => ({ toString: fail, valueOf: fail }),
  'a conversion that throws': () => ({ [Symbol.toPrimitive]: fail }),
  'a conversion to an object': () => ({ toString: () => ({}), valueOf: () => ({}) }),
  'a conversion to another text each time': () => {
    let count = 0;
    return { toString: () => `${(count += 1)}`, valueOf: () => count };
  },
  'a proxy that throws': () => new Proxy({}, traps),
  'a function that is a proxy': () => new Proxy(() => {}, traps),
  'a proxy of anything': () => {
    const any = new Proxy(function () {}, { get: (_, name) => (typeof name === 'symbol' ? undefined : any) });
    return any;
  },
  revoked,
  global: () => globalThis,
};
