// The last step: the tokens, and who they say has signed in.
import { checkTokens, userOf } from './claims.js';

// `now` is the pool's time in milliseconds, if it told. `settings` has the pool, and the key of
// the device that the sign-in began with.
export async function signedIn({ kind, refreshToken, expiresIn, device, ...fields }, now, settings, signal) {
  const claims = await checkTokens(fields, now, settings, signal);
  const { newDevice, deviceForgotten } = device ?? {};
  const deviceKey = newDevice?.deviceKey ?? (deviceForgotten ? undefined : settings.deviceKey);
  const tokens = {
    ...fields,
    ...(refreshToken === undefined ? {} : { refreshToken }),
    ...(deviceKey === undefined ? {} : { deviceKey }),
    expiresAt: new Date(Date.now() + expiresIn * 1000),
  };
  return { kind, tokens, user: userOf(claims), ...device };
}
