// The entries by their paths, for a page with a policy that forbids the inline script of an import map.
export { Account } from './node_modules/cognito-email-mfa/dist/account.js';
export { adopt } from './node_modules/cognito-email-mfa/dist/adopt.js';
export { Cognito } from './node_modules/cognito-email-mfa/dist/index.js';
export { jwks } from './node_modules/cognito-email-mfa/dist/jwks.js';
export { openSession } from './node_modules/cognito-email-mfa/dist/session.js';
