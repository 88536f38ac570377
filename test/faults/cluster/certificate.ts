import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';

export interface Certificate {
  readonly key: string;
  readonly cert: string;
}

const createCertificate = async (): Promise<Certificate> => {
  const folder = await mkdtemp(join(tmpdir(), 'podreach-certificate-'));
  const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
  try {
    await execa('openssl', [
      ...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2'],
      ...['-subj', '/CN=podreach simulated cluster', '-addext', 'subjectAltName=IP:127.0.0.1'],
      ...['-keyout', key, '-out', cert],
    ]);
    return { key: await readFile(key, 'utf8'), cert: await readFile(cert, 'utf8') };
  } finally {
    await rm(folder, { recursive: true });
  }
};

let made: Promise<Certificate> | undefined;

/** One of its own authority for 127.0.0.1, made by OpenSSL once a process, so that no key lies in the repository. */
export const ownCertificate = (): Promise<Certificate> => {
  made ??= createCertificate();
  return made;
};
