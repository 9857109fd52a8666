export { Cognito } from 'cognito-email-mfa';
export { Account } from 'cognito-email-mfa/account';
export { adopt } from 'cognito-email-mfa/adopt';
export { jwks } from 'cognito-email-mfa/jwks';
export { openSession } from 'cognito-email-mfa/session';
