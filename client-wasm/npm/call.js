// One operation of the Cognito API that is a request and a reply, and no conversation.
import { refusalOf } from './refusal.js';
import { send, timeOf } from './send.js';

// Gives the reply's body, which is undefined unless it is a JSON object, and the pool's time
// in milliseconds if the reply tells. `kind` is the row of the table of repetitions that holds,
// and `init` goes to the Request.
export async function call(operation, input, settings, { kind = operation, init } = {}) {
  const target = `AWSCognitoIdentityProviderService.${operation}`;
  const { response, body } = await send({ target, body: JSON.stringify(input), kind, init }, settings);
  const fields = typeof body === 'object' && body !== null ? body : undefined;
  const refusal = refusalOf(response, fields);
  if (refusal) throw refusal;
  return { body: fields, now: timeOf(response) };
}
