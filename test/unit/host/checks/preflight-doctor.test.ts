import { expect } from 'chai';
import { checksOf, diagnosis } from '../../../../src/commands/doctor/doctor.ts';
import type { HostSurvey } from '../../../../src/host/checks/facts.ts';
import { distributionIn, hasResourceCapability } from '../../../../src/host/checks/survey.ts';
import { isAtLeast, versionIn } from '../../../../src/host/version.ts';
import { host, noEngine } from './preflight-facts.ts';

const survey = (differing: Partial<HostSurvey> = {}): HostSurvey => ({
  ...host(),
  cgroupVersion: 2,
  freeDiskBytes: 50e9,
  memoryBytes: 16e9,
  sctp: true,
  ...differing,
});

const find = (differing: Partial<HostSurvey>, name: string) =>
  checksOf(survey(differing)).find((check) => check.name === name);

describe('doctor', () => {
  it('finds nothing on a machine that has all', () => {
    const checks = checksOf(survey());
    expect(checks.map(({ name, state }) => `${name} ${state}`)).to.deep.equal([
      'Node.js ok',
      'Docker Engine ok',
      'container runtime ok',
      'inotify limits ok',
      'images ok',
      'packages ok',
      'Go ok',
      'kind ok',
      'cgroups ok',
      'free disk ok',
      'memory ok',
      'SCTP ok',
    ]);
    expect(diagnosis(checks, false)).to.deep.include({ ok: true });
  });

  it('shows the cure a person would use, for root too', () => {
    expect(find({ engine: noEngine, root: true }, 'Docker Engine')).to.deep.equal({
      name: 'Docker Engine',
      state: 'missing',
      found: 'does not answer',
      cures: ['the Docker Engine is not running: sudo systemctl start docker'],
    });
  });

  it('warns of what podreach can live with', () => {
    expect(find({ sctp: false }, 'SCTP')).to.deep.include({
      state: 'warning',
      cures: ['SCTP probes are reported as unsupported, never as blocked; only another kernel helps'],
    });
    expect(find({ inotify: { max_user_watches: 1, max_user_instances: 512 } }, 'inotify limits')?.state).to.equal(
      'warning',
    );
    expect(diagnosis(checksOf(survey({ sctp: false })), false).ok).to.equal(true);
  });

  it('wants 10 GB of disk and 4 GB of memory', () => {
    expect(find({ freeDiskBytes: 10e9 }, 'free disk')?.state).to.equal('ok');
    expect(find({ freeDiskBytes: 9.9e9 }, 'free disk')?.state).to.equal('missing');
    expect(find({ memoryBytes: 4e9 }, 'memory')?.state).to.equal('ok');
    expect(find({ memoryBytes: 3.9e9 }, 'memory')?.state).to.equal('missing');
  });

  it("wants cgroup v2 for kind's own node image only", () => {
    expect(find({ cgroupVersion: 1 }, 'cgroups')?.state).to.equal('missing');
    expect(find({ cgroupVersion: 1, imageSource: 'build' }, 'cgroups')?.state).to.equal('ok');
  });

  it('ends with the verdict, and says where npm start is the cure', () => {
    const checks = checksOf(survey({ memoryBytes: 1e9 }));
    expect(diagnosis(checks, false)).to.deep.include({ ok: false });
    expect(diagnosis(checks, false).text).to.match(/\n\npodreach can't run on this machine yet\.\n$/);
    expect(diagnosis(checks, true).text).to.match(/yet\. npm start fixes this by itself\.\n$/);
  });
});

describe('what is read of the host', () => {
  it('finds CAP_SYS_RESOURCE, bit 24, in a bounding set', () => {
    expect(hasResourceCapability('CapBnd:\t000001ffffffffff\n')).to.equal(true);
    expect(hasResourceCapability('CapEff:\t000001ffffffffff\nCapBnd:\t000001fffeffffff\n')).to.equal(false);
    expect(hasResourceCapability(null)).to.equal(true);
  });

  it('reads an os-release file', () => {
    expect(distributionIn('NAME="Ubuntu"\nID=ubuntu\nID_LIKE=debian\nVERSION_ID="24.04"\n')).to.deep.equal([
      'ubuntu',
      'debian',
    ]);
    expect(distributionIn('ID="rocky"\nID_LIKE="rhel centos fedora"\n')).to.deep.equal([
      'rocky',
      'rhel',
      'centos',
      'fedora',
    ]);
    expect(distributionIn(null)).to.deep.equal([]);
  });

  it('compares versions by number', () => {
    expect(versionIn('kind v0.33.0 go1.26.8 linux/amd64')).to.equal('0.33.0');
    expect(versionIn('devel')).to.equal(null);
    expect(isAtLeast('1.26', '1.26.0')).to.equal(true);
    expect(isAtLeast('1.9.1', '1.26')).to.equal(false);
    expect(isAtLeast('2.0', '1.26')).to.equal(true);
    expect(isAtLeast('0.32.99', '0.33.0')).to.equal(false);
  });
});
