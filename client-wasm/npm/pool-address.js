// Where a pool answers, and what its tokens name as their issuer.

// The domains of AWS's partitions, by how the names of their regions begin.
const SUFFIXES = {
  'cn-': 'amazonaws.com.cn',
  'eusc-': 'amazonaws.eu',
  'us-iso-': 'c2s.ic.gov',
  'us-isob-': 'sc2s.sgov.gov',
  'us-isof-': 'csp.hci.ic.gov',
  'eu-isoe-': 'cloud.adc-e.uk',
};

export function endpointOf({ userPoolId, endpoint, endpointVariant }) {
  if (endpoint !== undefined) return endpoint;
  const service = endpointVariant === 'fips' ? 'cognito-idp-fips' : 'cognito-idp';
  return `https://${service}.${regionalHost(userPoolId)}/`;
}

// Where the public keys of its tokens are. What an application has in front of its pool has them, too.
export function jwksUri({ userPoolId, endpoint = endpointOf({ userPoolId }) }) {
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
  const prefix = Object.keys(SUFFIXES).find((prefix) => region.startsWith(prefix));
  return `${region}.${prefix ? SUFFIXES[prefix] : 'amazonaws.com'}`;
}
