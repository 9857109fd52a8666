// One operation of the Cognito API that is a request and a reply, and no conversation.
import { CognitoError } from './errors.js';
import { json, timeOf, within } from './exchange.js';
import { poolEndpoint } from './pool-address.js';

const CODES = {
  TooManyRequestsException: 'throttled',
  LimitExceededException: 'throttled',
  InternalErrorException: 'pool_unavailable',
  ForbiddenException: 'forbidden',
  UserLambdaValidationException: 'trigger_failed',
  UnexpectedLambdaException: 'trigger_failed',
  InvalidLambdaResponseException: 'trigger_failed',
  UserNotConfirmedException: 'user_not_confirmed',
  PasswordResetRequiredException: 'password_reset_required',
  ResourceNotFoundException: 'misconfigured',
  InvalidParameterException: 'misconfigured',
  OperationNotEnabledException: 'misconfigured',
  UnsupportedOperationException: 'misconfigured',
  UnknownOperationException: 'misconfigured',
  FeatureUnavailableInTierException: 'misconfigured',
};

// Gives the reply's body, which is undefined unless it is a JSON object, and the pool's time
// in milliseconds if the reply tells. `init` goes to the Request.
export async function call(operation, input, options, init) {
  const { userPoolId, endpoint = poolEndpoint(userPoolId), timeoutMs, signal } = options;
  return within(timeoutMs, signal, 'the pool to answer', async (limit) => {
    const request = requestTo(endpoint, {
      method: 'POST',
      headers: headersOf(operation, options.headers),
      body: JSON.stringify(input),
      cache: 'no-store',
      credentials: 'omit',
      signal: limit,
      ...init,
    });
    const response = await (options.fetch ?? globalThis.fetch)(request);
    const body = await json(response);
    const fields = typeof body === 'object' && body !== null ? body : undefined;
    const exception = exceptionOf(response, fields);
    if (response.status !== 200 || exception) throw refusal(response, exception, fields);
    return { body: fields, now: timeOf(response) };
  });
}

// Tries again after trouble that passes, a little later each time. Not after a timeout: others
// may be waiting for the outcome.
export async function persistently(tries, work) {
  for (let wait = 250; ; wait *= 2) {
    tries -= 1;
    try {
      return await work();
    } catch (error) {
      if (tries === 0 || !error.retryable || error.code === 'timeout') throw error;
    }
    await pause(Math.random() * wait);
  }
}

export function pause(milliseconds) {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

// Tokens go to the endpoint and nowhere else.
function requestTo(endpoint, init) {
  try {
    return new Request(endpoint, { ...init, redirect: 'error' });
  } catch {
    // workerd does not know `error`. With `manual` the reply is the redirect, which is refused.
    return new Request(endpoint, { ...init, redirect: 'manual' });
  }
}

function headersOf(operation, base) {
  const headers = new Headers(base);
  headers.set('Content-Type', 'application/x-amz-json-1.1');
  headers.set('X-Amz-Target', `AWSCognitoIdentityProviderService.${operation}`);
  return headers;
}

// The bare name: `com.amazonaws.cognito#Name`, `Name:http://…` and `Name,…` occur.
function exceptionOf(response, body) {
  const name = response.headers.get('x-amzn-ErrorType') ?? body?.__type ?? body?.code;
  return typeof name === 'string' ? name.split('#').pop().split(/[:,]/)[0].trim().slice(0, 128) : '';
}

function refusal({ status, headers }, exception, body) {
  const told = body?.message ?? body?.Message;
  const message = typeof told === 'string' ? told.slice(0, 1024) : `HTTP status ${status}`;
  const code = Object.hasOwn(CODES, exception) ? CODES[exception] : codeOf(status, exception, message);
  const requestId = headers.get('x-amzn-RequestId') ?? undefined;
  return new CognitoError(code, message, { exception, status, requestId });
}

function codeOf(status, exception, message) {
  if (status === 429) return 'throttled';
  if (status >= 500) return 'pool_unavailable';
  if (status === 403) return 'forbidden';
  if (exception !== 'NotAuthorizedException') return exception ? 'refused' : 'bad_reply';
  return /secret/i.test(message) ? 'misconfigured' : 'refused';
}
