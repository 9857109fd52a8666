// WebAuthn in a browser, from JSON to JSON. For those who import it.
import { CognitoError } from './errors.js';

export async function requestPasskey(options, more) {
  const { signal, mediation } = more ?? {};
  let credential;
  try {
    const publicKey = read(options.publicKey ?? options);
    credential = await navigator.credentials.get({ publicKey, signal, mediation });
  } catch (cause) {
    throw new CognitoError(signal?.aborted ? 'aborted' : 'passkey_failed', 'there is no passkey', { cause });
  }
  if (!credential) throw new CognitoError('passkey_failed', 'there is no passkey');
  return credential.toJSON?.() ?? write(credential);
}

function read(options) {
  const parse = globalThis.PublicKeyCredential?.parseRequestOptionsFromJSON;
  if (parse) return parse.call(PublicKeyCredential, options);
  return {
    ...options,
    challenge: fromBase64Url(options.challenge),
    allowCredentials: options.allowCredentials?.map((allowed) => ({ ...allowed, id: fromBase64Url(allowed.id) })),
  };
}

function write({ id, rawId, type, authenticatorAttachment, response, ...rest }) {
  const { clientDataJSON, authenticatorData, signature, userHandle } = response;
  return {
    id,
    rawId: toBase64Url(rawId),
    type,
    ...(authenticatorAttachment ? { authenticatorAttachment } : {}),
    clientExtensionResults: rest.clientExtensionResults ?? {},
    response: {
      clientDataJSON: toBase64Url(clientDataJSON),
      authenticatorData: toBase64Url(authenticatorData),
      signature: toBase64Url(signature),
      ...(userHandle ? { userHandle: toBase64Url(userHandle) } : {}),
    },
  };
}

function fromBase64Url(text) {
  const base64 = text.replaceAll('-', '+').replaceAll('_', '/');
  return Uint8Array.from(atob(base64), (char) => char.charCodeAt(0));
}

function toBase64Url(buffer) {
  const text = String.fromCharCode(...new Uint8Array(buffer));
  return btoa(text).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}
