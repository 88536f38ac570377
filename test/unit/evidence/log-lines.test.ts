import { expect } from 'chai';
import { logLines } from '../../../src/evidence/log-lines.ts';

const KEPT = '2026-11-27 01:15:15.741 [INFO][46] felix/hostip_mgr.go 84: Interface addrs changed.';

describe('the lines of a log', () => {
  for (const line of [
    'Found felix environment variable: "ipv6support"="false"',
    'Parsed value for EtcdPassword: hunter2 (from config file)',
    'calling with Authorization: Bearer abc',
    'got eyJhbGciOiJSUzI1NiIsImtpZCI6Ijk5In0.x',
    'connecting to https://admin:hunter2@etcd:2379',
    '-----BEGIN RSA PRIVATE KEY-----',
  ])
    it(`lack what may hold a secret: ${line}`, () => {
      expect(logLines(`${KEPT}\n${line}\n${KEPT}\n`, 10_000)).to.deep.equal([
        "(podreach left out 1 line that may hold a secret or a variable's value)",
        KEPT,
        KEPT,
      ]);
    });

  it('are the last whole ones', () => {
    expect(logLines('first\nsecond\nthird\n', 10)).to.deep.equal(['third']);
  });
});
