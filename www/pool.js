// Which user pool this page signs in to: the local one, or a real one named in the address bar.

const LOCAL = { poolId: "us-east-1_EmailMfa1", clientId: "emailmfalocalclient00001" };

// Amazon's own patterns for the two ids, from the API reference of CreateUserPoolClient;
// the region is spelt out because the address of the service is made from it.
const POOL_ID = /^(?=.{1,55}$)[a-z]{2,12}(-[a-z]{2,12})+-[0-9]{1,2}_[0-9A-Za-z]+$/;
const CLIENT_ID = /^[0-9A-Za-z_+]{1,128}$/;

/**
 * Reads the pool from the query of the page's address.
 *
 * @param {string} query for example `?pool=eu-west-1_AbCdEf123&client=1h57kf5cpq17m0eml12EXAMPLE`
 * @returns {{ local: boolean, poolId: string, clientId: string, problem?: { field: string, text: string } }}
 *   `problem` says what is wrong with the ids; nobody can sign in then.
 */
export function poolFromQuery(query) {
  const parameters = new URLSearchParams(query);
  if (!parameters.has("pool") && !parameters.has("client")) {
    return { local: true, ...LOCAL };
  }
  const poolId = parameters.get("pool") ?? "";
  const clientId = parameters.get("client") ?? "";
  return { local: false, poolId, clientId, problem: problemOf(poolId, clientId) };
}

/**
 * Says what is wrong with a pair of ids, for the person who typed them.
 *
 * @returns {{ field: "pool-id" | "client-id", text: string } | undefined} undefined when both have the right form
 */
export function problemOf(poolId, clientId) {
  if (!POOL_ID.test(poolId)) {
    return { field: "pool-id", text: "A user pool id is a region, an underscore and an id, like eu-west-1_AbCdEf123." };
  }
  if (!CLIENT_ID.test(clientId)) {
    return { field: "client-id", text: "An app client id is made of letters and digits, without spaces." };
  }
  return undefined;
}

/**
 * The query that makes this page use a pool. It holds the two ids and nothing else.
 */
export function queryOf(poolId, clientId) {
  return "?" + new URLSearchParams({ pool: poolId, client: clientId });
}
