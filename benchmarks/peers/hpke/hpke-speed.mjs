// Receives and opens a message of 1200 bytes over and over, as it is told to by lines "OPERATION SECONDS" on standard input, and
// answers each with operations per second of the process's processor time. "core" is @hpke/core on WebCrypto, "js" has its X25519
// in JavaScript.
import { createInterface } from 'node:readline';
import { Aes128Gcm, CipherSuite, DhkemX25519HkdfSha256, HkdfSha256 } from '@hpke/core';
import { DhkemX25519HkdfSha256 as JsX25519 } from '@hpke/dhkem-x25519';

async function operation(kem) {
  const suite = new CipherSuite({ kem, kdf: new HkdfSha256(), aead: new Aes128Gcm() });
  const keys = await suite.kem.generateKeyPair();
  const info = new Uint8Array(29);
  const sender = await suite.createSenderContext({ recipientPublicKey: keys.publicKey, info });
  const sealed = await sender.seal(new Uint8Array(1200));
  return async () => {
    const receiver = await suite.createRecipientContext({ recipientKey: keys, enc: sender.enc, info });
    const plain = await receiver.open(sealed);
    if (plain.byteLength !== 1200) throw new Error('not the message');
  };
}

const operations = { core: await operation(new DhkemX25519HkdfSha256()), js: await operation(new JsX25519()) };

console.log('ready');
for await (const line of createInterface({ input: process.stdin })) {
  const [name, seconds] = line.split(' ');
  const begin = process.cpuUsage();
  let count = 0;
  let spent = 0;
  while (spent < seconds * 1e6) {
    for (let i = 0; i < 16; i++) await operations[name]();
    count += 16;
    const { user, system } = process.cpuUsage(begin);
    spent = user + system;
  }
  console.log((count * 1e6) / spent);
}
