// An import map is for pages only.
import { start } from './app.js';
import { Account } from './node_modules/cognito-email-mfa/dist/account.js';
import { adopt } from './node_modules/cognito-email-mfa/dist/adopt.js';
import { Cognito } from './node_modules/cognito-email-mfa/dist/index.js';
import { jwks } from './node_modules/cognito-email-mfa/dist/jwks.js';
import { openSession } from './node_modules/cognito-email-mfa/dist/session.js';

let call;
addEventListener('message', async ({ data: { id, method, argument, pool } }) => {
  call ??= start({ Account, adopt, Cognito, jwks, openSession }, pool);
  postMessage({ id, reply: await call(method, argument) });
});
postMessage('listening');
