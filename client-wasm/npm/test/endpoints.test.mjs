// Where requests go, and whose tokens are taken: by botocore's rule set for every region.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { Cognito, dist, misused } from '../support/client.mjs';
import { Pool } from '../support/pool.mjs';

const { Account } = await import(new URL('account.js', dist));
const { endpointOf, isIssuer, jwksUri } = await import(new URL('pool-address.js', dist));
const vectors = new URL('../../../protocol/vectors/endpoints.json', import.meta.url);
const { endpoints } = JSON.parse(await readFile(vectors, 'utf8'));

const clientId = 'exampleclient';
const idOf = (region) => `${region}_Example1`;

test('every region has the endpoints that botocore gives it, standard and FIPS', () => {
  assert.ok(endpoints.length > 40);
  for (const { region, default: standard, fips } of endpoints) {
    assert.equal(endpointOf({ userPoolId: idOf(region) }), standard);
    assert.equal(endpointOf({ userPoolId: idOf(region), endpointVariant: 'fips' }), fips);
  }
});

test('tokens name the pool as their issuer in the domain of its partition, with FIPS too', () => {
  for (const { region, default: standard } of endpoints) {
    const pool = { userPoolId: idOf(region), clientId };
    const issuer = `${standard}${idOf(region)}`;
    for (const endpointVariant of [undefined, 'fips']) {
      assert.ok(isIssuer(issuer, { ...pool, endpointVariant }), issuer);
      assert.equal(jwksUri({ ...pool, endpointVariant }), `${issuer}/.well-known/jwks.json`);
    }
    const strangers = endpoints.filter((other) => other.region !== region).map((other) => `${other.default}${idOf(region)}`);
    for (const stranger of strangers) assert.ok(!isIssuer(stranger, pool), stranger);
    assert.ok(!isIssuer(`${standard}${idOf(region)}x`, pool));
  }
});

test('the sign-in and the account go to the same endpoint', async () => {
  for (const { region, default: standard, fips } of endpoints) {
    for (const [endpointVariant, expected] of [[undefined, standard], ['fips', fips]]) {
      const urls = [];
      const fetch = async (request) => {
        urls.push(request.url);
        return Response.json({ __type: 'UserNotFoundException' }, { status: 400 });
      };
      const options = { userPoolId: idOf(region), clientId, fetch, endpointVariant };
      const signingIn = new Cognito({ ...options, flow: 'choice' }).signIn({ username: 'a' });
      await assert.rejects(signingIn, { exception: 'UserNotFoundException' });
      await assert.rejects(new Account(options).forgotPassword({ username: 'a' }), { code: 'user_not_found' });
      assert.deepEqual(urls, [expected, expected]);
    }
  }
});

test('an endpoint of the application\'s own excludes the variant, and there is no other', () => {
  const { userPoolId } = new Pool().options;
  for (const endpointVariant of ['FIPS', 'dualstack', true, null, '']) {
    assert.throws(() => new Cognito({ userPoolId, clientId, endpointVariant }), misused('endpointVariant: expected fips'));
  }
  const both = { userPoolId, clientId, endpointVariant: 'fips', endpoint: 'https://example.com/' };
  assert.throws(() => new Cognito(both), misused('endpointVariant: expected none beside an endpoint'));
  assert.throws(() => new Account(both), misused('endpointVariant: expected none beside an endpoint'));
});
