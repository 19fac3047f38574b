// Runs operations of @cloudflare/privacypass-ts as it is told to by lines "OPERATION SECONDS" on standard input, and answers
// each with operations per second of the process's processor time.
import { createInterface } from 'node:readline';
import { TOKEN_TYPES, TokenChallenge, privateVerif, publicVerif } from '@cloudflare/privacypass-ts';

const mode = publicVerif.BlindRSAMode.PSS;
const context = new Uint8Array(32);

const rsa = await publicVerif.Issuer.generateKey(mode, {
  modulusLength: 2048,
  publicExponent: new Uint8Array([1, 0, 1]),
});
const rsaIssuer = new publicVerif.Issuer(mode, 'issuer.example', rsa.privateKey, rsa.publicKey);
const rsaKey = await publicVerif.getPublicKeyBytes(rsa.publicKey);
const rsaClient = new publicVerif.Client(mode);
const rsaChallenge = new TokenChallenge(TOKEN_TYPES.BLIND_RSA.value, 'issuer.example', context, ['proxy.example']);
const rsaRequest = await rsaClient.createTokenRequest(rsaChallenge, rsaKey);
const rsaToken = await rsaClient.finalize(await rsaIssuer.issue(rsaRequest));
const rsaOrigin = new publicVerif.Origin(mode);

const voprf = await privateVerif.keyGen();
const voprfIssuer = new privateVerif.Issuer('issuer.example', voprf.privateKey, voprf.publicKey);
const voprfChallenge = new TokenChallenge(TOKEN_TYPES.VOPRF.value, 'issuer.example', context, ['proxy.example']);
const voprfRequest = await new privateVerif.Client().createTokenRequest(voprfChallenge, voprf.publicKey);

const operations = {
  verify: async () => {
    if (!(await rsaOrigin.verify(rsaToken, rsa.publicKey))) throw new Error('not verified');
  },
  sign: () => rsaIssuer.issue(rsaRequest),
  evaluate: () => voprfIssuer.issue(voprfRequest),
};

console.log('ready');
for await (const line of createInterface({ input: process.stdin })) {
  const [name, seconds] = line.split(' ');
  const begin = process.cpuUsage();
  let count = 0;
  let spent = 0;
  while (spent < seconds * 1e6) {
    await operations[name]();
    count++;
    const { user, system } = process.cpuUsage(begin);
    spent = user + system;
  }
  console.log((count * 1e6) / spent);
}
