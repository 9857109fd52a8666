// What the pool says when it does not do what was asked.
import { CognitoError } from './errors.js';

// What an exception means wherever it comes.
export const CODES = {
  TooManyRequestsException: 'throttled',
  LimitExceededException: 'limit_exceeded',
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

// The error that a reply is, or undefined if it is none. `body` is what JSON.parse made of it.
export function refusalOf(response, body) {
  const exception = exceptionOf(response.headers.get('x-amzn-ErrorType'), body);
  if (response.status === 200 && exception === '') return undefined;
  const told = body?.message ?? body?.Message;
  const message = typeof told === 'string' ? told.slice(0, 1024) : `HTTP status ${response.status}`;
  const code = Object.hasOwn(CODES, exception) ? CODES[exception] : codeOf(response.status, exception, message);
  return new CognitoError(code, message, { exception, trigger: triggerOf(message), ...traceOf(response) });
}

// What is known of a reply without reading it.
export function traceOf({ status, headers }) {
  return { status, requestId: headers.get('x-amzn-RequestId') ?? undefined };
}

// The bare name: `com.amazonaws.cognito#Name`, `Name:http://…` and `Name,…` occur.
export function exceptionOf(errorType, body) {
  const bare = (name) => (typeof name === 'string' ? name.split('#').pop().split(/[:,]/)[0].trim().slice(0, 128) : '');
  return [errorType, body?.__type, body?.code].map(bare).find((name) => name !== '') ?? '';
}

export function triggerOf(message) {
  return /^([A-Za-z0-9]{1,64}) (failed with error|invocation failed)/.exec(message)?.[1];
}

// What the reply means that names no exception, or one that means this or that.
function codeOf(status, exception, message) {
  if (status === 429) return 'throttled';
  if (status >= 500) return 'pool_unavailable';
  if (status === 403) return 'forbidden';
  if (exception !== 'NotAuthorizedException') return exception ? 'refused' : 'bad_reply';
  if (triggerOf(message)) return 'trigger_failed';
  return /secret/i.test(message) ? 'misconfigured' : 'refused';
}
