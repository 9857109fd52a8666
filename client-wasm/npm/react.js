'use client';
// React: who is signed in, and a sign-in that a component shows step by step.
import { useEffect, useMemo, useSyncExternalStore } from 'react';
import { Flow } from './flow.js';

const SIGNED_OUT = Object.freeze({ kind: 'signedOut' });
// A server knows nobody.
const signedOut = () => SIGNED_OUT;
const idle = () => Flow.IDLE;

export function useSession(session) {
  return useSyncExternalStore(session.subscribe, () => session.state, signedOut);
}

export function useSignIn(cognito) {
  const flow = useMemo(() => new Flow(cognito), [cognito]);
  useEffect(flow.hold, [flow]);
  const state = useSyncExternalStore(flow.subscribe, () => flow.state, idle);
  const { start, resume, reset } = flow;
  return { ...state, start, resume, reset };
}
