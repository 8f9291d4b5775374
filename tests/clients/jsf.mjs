// jsforce against the fake org.  usage: node jsf.mjs JSFORCE_FOLDER URL TOKEN EXPIRING_URL
import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
const [folder, url, token, expiringUrl] = process.argv.slice(2);
const jsforce = createRequire(`${folder}/package.json`)('jsforce');
const { Connection, OAuth2 } = jsforce;
const version = '65.0';
const refused = (code, call) => assert.rejects(call, fault => {
  assert.equal(fault.errorCode ?? fault.name, code, fault.message);
  return true;
});

const conn = new Connection({ instanceUrl: url, accessToken: token, version });
const first = await conn.query('SELECT Id, Name FROM User');
assert.equal(first.totalSize, 426);
assert.equal(first.records.length, 100);
assert.equal((await conn.queryMore(first.nextRecordsUrl)).records.length, 100);
const all = await conn.query('SELECT Id, Profile.UserLicense.Name FROM User', { autoFetch: true, maxFetch: 10000 });
assert.equal(new Set(all.records.map(r => r.Id)).size, 426);
assert.equal((await conn.query('SELECT Id FROM User', { autoFetch: true, maxFetch: 10000, scanAll: true })).records.length, 426);
console.log('query and paging');

const described = await conn.sobject('User').describe();
assert.deepEqual(described.fields.find(f => f.name === 'ProfileId').referenceTo, ['Profile']);
assert.ok((await conn.describeGlobal()).sobjects.some(o => o.name === 'PermissionSet'));
assert.ok((await conn.limits()).DailyApiRequests.Max > 0);
assert.ok(conn.limitInfo.apiUsage.used > 0);
console.log('describe and limits');

assert.equal((await conn.tooling.query('SELECT Permission FROM PermissionDependency')).totalSize, 18);
const identity = await conn.identity();
assert.ok(identity.user_id.startsWith('005') && identity.username.includes('@'));
console.log('tooling and identity');

await refused('INVALID_FIELD', () => conn.query('SELECT BadField FROM Profile'));
await refused('INVALID_TYPE', () => conn.query('SELECT Id FROM XYZZY'));
await refused('MALFORMED_QUERY', () => conn.query('SELECT Id FRM User'));
await refused('INSUFFICIENT_ACCESS_OR_READONLY', () => conn.sobject('User').update({ Id: all.records[0].Id, Title: 'x' }));
console.log('errors');

conn.bulk2.pollTimeout = 20000;
conn.bulk2.pollInterval = 100;
// jsforce fails at results of more than one part (jsforce issue 1546), so these have one.
const rows = await (await conn.bulk2.query('SELECT Id, Name FROM Profile')).toArray();
assert.equal(new Set(rows.map(r => r.Id)).size, 51);
console.log('bulk');

const secret = new Connection({ instanceUrl: url, loginUrl: url, version, oauth2: { loginUrl: url, clientId: 'ck', clientSecret: 'cs' } });
await secret.authorize({ grant_type: 'client_credentials' });
assert.equal((await secret.query('SELECT COUNT() FROM User')).totalSize, 426);
const wrong = new Connection({ loginUrl: url, version, oauth2: { loginUrl: url, clientId: 'ck', clientSecret: 'wrong' } });
await refused('invalid_client', () => wrong.authorize({ grant_type: 'client_credentials' }));
console.log('client credentials');

const oauth2 = new OAuth2({ loginUrl: expiringUrl, clientId: 'ck', clientSecret: 'cs', redirectUri: 'http://localhost:1717/OauthRedirect', useVerifier: true });
const page = await fetch(oauth2.getAuthorizationUrl({ scope: 'api refresh_token', state: 'abc' }), { redirect: 'manual' });
assert.equal(page.status, 302);
const back = new URL(page.headers.get('location'));
assert.equal(back.searchParams.get('state'), 'abc');
const web = new Connection({ oauth2, version });
await web.authorize(back.searchParams.get('code'));
let refreshes = 0;
web.on('refresh', () => refreshes++);
// Sessions of this org end after three calls: only refreshing lets five pages come.
const many = await web.query('SELECT Id FROM User', { autoFetch: true, maxFetch: 10000 });
assert.equal(new Set(many.records.map(r => r.Id)).size, 426);
assert.ok(refreshes > 0, 'never refreshed');
await web.oauth2.revokeToken(web.refreshToken);
await refused('invalid_grant', () => web.oauth2.refreshToken(web.refreshToken));
console.log('code with PKCE, refresh, revoke');

const soap = new Connection({ loginUrl: url, version: '50.0' });
await assert.rejects(() => soap.login('u@x.example', 'p'), /INVALID_OPERATION/);
console.log('SOAP login refused');
