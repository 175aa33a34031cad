// A certified OpenID provider on loopback, for tests: prints its issuer, then serves until it is stopped.
// Its accounts: whatever is typed as login names one of ACCOUNTS (JSON in the environment); any password does.
import { createServer } from 'node:http';
import { generateKeyPairSync } from 'node:crypto';
import { Provider } from 'oidc-provider';

const accounts = JSON.parse(process.env.ACCOUNTS);
const server = createServer();
server.listen(0, '127.0.0.1', () => {
  const issuer = `http://127.0.0.1:${server.address().port}`;
  const key = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({ format: 'jwk' });
  const provider = new Provider(issuer, {
    clients: [{
      client_id: 'ba-khong',
      client_secret: 'a-secret:of/tests+%',
      redirect_uris: JSON.parse(process.env.REDIRECT_URIS),
      post_logout_redirect_uris: ['http://testserver/'],
    }],
    jwks: { keys: [{ ...key, use: 'sig', alg: 'RS256', kid: 'tests' }] },
    cookies: { keys: ['tests'] },
    scopes: ['openid', 'profile', 'citizen'],
    claims: { openid: ['sub'], profile: ['name', 'birthdate', 'gender'], citizen: ['citizen_id', 'address', 'loa'] },
    pkce: { required: () => true },
    findAccount: (_ctx, id) => accounts[id] && { accountId: id, claims: () => ({ sub: id, ...accounts[id] }) },
    ttl: { AccessToken: 300, AuthorizationCode: 60, Grant: 300, IdToken: 300, Interaction: 300, Session: 300 },
  });
  server.on('request', provider.callback());
  process.stdout.write(`${issuer}\n`);
});
