// A merchant's API certificate: self-signed, made by OpenSSL, which shares no code with the SDKs.
import { execFile } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

// Gives {serial, certificate, privateKey}: upper-case hexadecimal and two PEM texts.
export async function makeCertificate(name) {
  const folder = await mkdtemp(join(tmpdir(), 'huitong-certificate-'));
  try {
    const key = join(folder, 'key.pem');
    const certificate = join(folder, 'certificate.pem');
    await run('openssl', ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-sha256', '-days', '30',
      '-subj', `/CN=${name}`, '-keyout', key, '-out', certificate]);
    const pem = await readFile(certificate, 'utf8');
    return {
      serial: new X509Certificate(pem).serialNumber,
      certificate: pem,
      privateKey: await readFile(key, 'utf8'),
    };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
