// Where a pool answers, and what its tokens name as their issuer.

export function poolEndpoint(userPoolId) {
  return `https://cognito-idp.${regionalHost(userPoolId)}/`;
}

// Where the public keys of its tokens are. What an application has in front of its pool has them, too.
export function jwksUri({ userPoolId, endpoint = poolEndpoint(userPoolId) }) {
  return `${endpoint.replace(/\/?$/, '/')}${userPoolId}/.well-known/jwks.json`;
}

// AWS documents the second form for pools with a global issuer. Behind an endpoint of the
// application's own the host may be any: what stays is the pool's id.
export function isIssuer(issuer, { userPoolId, endpoint }) {
  if (typeof issuer !== 'string') return false;
  if (endpoint !== undefined) return /^https?:\/\/[^/]/.test(issuer) && issuer.endsWith(`/${userPoolId}`);
  const host = regionalHost(userPoolId);
  return ['cognito-idp', 'issuer-cognito-idp'].some((name) => issuer === `https://${name}.${host}/${userPoolId}`);
}

function regionalHost(userPoolId) {
  const region = userPoolId.split('_')[0];
  let suffix = 'amazonaws.com';
  if (region.startsWith('cn-')) suffix = 'amazonaws.com.cn';
  if (region.startsWith('eusc-')) suffix = 'amazonaws.eu';
  return `${region}.${suffix}`;
}
