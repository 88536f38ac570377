import { expect } from 'chai';
import { PodreachError } from '../../../src/errors.ts';
import { failureOf } from '../failure-of.ts';
import { answers, batchOf, OFFICE, WEB } from './batch-of.ts';
import { byName, endpoint, lookedUp, probe, service } from './fake-targets.ts';

const CLIENT = endpoint('dev/client', 9, []);
const TO_OFFICE = probe('prod/api', 'host:office');
const BOTH = { ...WEB, addresses: ['10.0.0.1', 'fd00::1'] };
describe('runBatch', () => {
  it('asks a host for its name and for the address by which it sees the source', async () => {
    const { trials, readings } = await batchOf([TO_OFFICE], answers);
    expect(trials).to.have.length(3);
    expect(trials[0]).to.match(/^0,nc,172\.17\.5\.10,80,/);
    expect(trials.slice(1)).to.deep.equal(['1,wget,172.17.5.10,80,hostname,,', '2,seen,172.17.5.10,80,clientip,,']);
    expect(readings[0]?.map(({ tool, verdict }) => [tool, verdict])).to.deep.equal([
      ['nc', 'allowed'],
      ['wget', 'allowed'],
      ['seen', 'allowed'],
    ]);
    expect(readings[0]?.[2]?.detail).to.equal('wget: seen as 192.168.1.7 after 10 ms');
  });

  it("takes the name of another container, or a pod's, for a wrong endpoint", async () => {
    for (const output of ['podreach-office-abcde', 'office', 'prod-x7k2a/web:80', '']) {
      const { readings } = await batchOf([TO_OFFICE], (tool, path) =>
        tool === 'wget' ? { code: 0, output } : answers(tool, path),
      );
      expect(readings[0]?.map(({ verdict }) => verdict)).to.deep.equal(['allowed', 'error', 'allowed']);
      expect(readings[0]?.[1]?.detail).to.contain(`a wrong endpoint answered "${output}"`);
    }
  });

  it('asks a pod for nothing but itself', async () => {
    const { trials, readings } = await batchOf([probe('host:office', 'prod/web')], answers);
    expect(trials).to.deep.equal(['0,nc,10.0.0.1,80,,,', '1,wget,10.0.0.1,80,,,']);
    expect(readings[0]?.map(({ verdict }) => verdict)).to.deep.equal(['allowed', 'allowed']);
  });

  it('keeps the readings of pods and hosts of one batch apart', async () => {
    const probes = [TO_OFFICE, probe('prod/api', 'prod/web'), probe('prod/api', 'host:office', 53, 'UDP')];
    const { trials, readings } = await batchOf(probes, (tool, ask) =>
      ask === '' ? { code: 143, ms: 2000 } : answers(tool, ask),
    );
    expect(trials.map((trial) => trial.split(',')[1])).to.deep.equal([
      'nc',
      'wget',
      'seen',
      'nc',
      'wget',
      'udp',
      'udp',
    ]);
    expect(readings.map((own) => own?.map(({ tool }) => tool))).to.deep.equal([
      ['nc', 'wget', 'seen'],
      ['nc', 'wget'],
      ['udp', 'udp'],
    ]);
    expect(readings[1]?.[1]?.verdict).to.equal('dropped');
    expect(readings[2]?.map(({ verdict }) => verdict)).to.deep.equal(['allowed', 'allowed']);
  });

  it('refuses a host that is not there, and one whose address would be read as something else', async () => {
    const missing = await failureOf(batchOf([TO_OFFICE], answers, [WEB]));
    expect(missing).to.be.instanceOf(PodreachError);
    expect(missing.message).to.contain('host:office');
    const odd = await failureOf(batchOf([TO_OFFICE], answers, [{ ...OFFICE, addresses: ['172.17.5.10/24'] }]));
    expect(odd).to.be.instanceOf(PodreachError);
    expect(odd.message).to.contain('no address');
  });

  it('refuses a name that the script would take for an address, or for something else', async () => {
    for (const dnsName of ['abc.def.', '-n.prod.svc', 'web,9.prod.svc', 'web prod.svc', '']) {
      const odd = await failureOf(
        batchOf([probe('prod/api', 'dns:prod/web')], answers, [{ ...byName(['prod/web']), dnsName }]),
      );
      expect(odd.message, dnsName).to.contain('dns:prod/web has no address');
    }
  });
});

describe('runBatch over two families', () => {
  const toWeb = probe('prod/api', 'prod/web');

  it('connects to the address of the family, which says by itself of which it is', async () => {
    const probes = [toWeb, { ...toWeb, family: 'IPv6' as const }, { ...toWeb, family: 'IPv4' as const }];
    const { trials } = await batchOf(probes, answers, [BOTH]);
    expect(trials.filter((trial) => trial.includes(',nc,'))).to.deep.equal([
      '0,nc,10.0.0.1,80,,,',
      '2,nc,fd00::1,80,,,',
      '4,nc,10.0.0.1,80,,,',
    ]);
  });

  it('refuses an endpoint without an address of the family', async () => {
    const failure = await failureOf(batchOf([{ ...toWeb, family: 'IPv6' }], answers));
    expect(failure).to.be.instanceOf(PodreachError);
    expect(failure.message).to.contain('prod/web has no address');
  });
});

describe('runBatch to a Service', () => {
  const toService = probe('dev/client', 'svc:prod/web');
  const BACKENDS = ['prod/web-1', 'prod/web-2'];
  const told = (output: string) => (tool: string) => (tool === 'nc' ? { code: 0 } : { code: 0, output });

  it('connects to its own port, and has answered who serves on the target port', async () => {
    const { trials, readings } = await batchOf([toService], told('prod-x7k2a/web:8080'), [service(['prod/web'])]);
    expect(trials).to.deep.equal(['0,nc,10.96.0.7,80,,,', '1,wget,10.96.0.7,80,,,']);
    expect(readings[0]?.map(({ detail }) => detail)).to.deep.equal([
      'nc: connected after 10 ms',
      'wget: answered after 10 ms',
    ]);
  });

  it('takes the port of a node if that is what is connected to', async () => {
    const translations = new Map([['80/TCP', { port: 30_080, backends: [] }]]);
    const nodePort = service([], { endpoint: 'nodeport:prod/web', addresses: ['172.18.0.2'], translations });
    const { trials } = await batchOf([probe('host:office', 'nodeport:prod/web')], answers, [nodePort]);
    expect(trials[0]).to.equal('0,nc,172.18.0.2,30080,,,');
  });

  it('is an error if a pod answers that is none of its backends, or a backend on another port', async () => {
    for (const output of ['prod-x7k2a/web-3:8080', 'prod-x7k2a/web-1:80', 'dev-x7k2a/web-1:8080']) {
      const { readings } = await batchOf([toService], told(output), [service(BACKENDS)]);
      expect(readings[0]?.[1]).to.include({ tool: 'wget', verdict: 'error' });
    }
  });

  it('is tried six times before two backends, and says which of them answered', async () => {
    const { trials, readings } = await batchOf([toService], told('prod-x7k2a/web-2:8080'), [service(BACKENDS)]);
    expect(trials.map((trial) => trial.split(',')[1])).to.deep.equal(['nc', ...Array(5).fill('wget')]);
    expect(readings[0]?.at(-1)?.detail).to.equal('wget: answered by prod/web-2 after 10 ms');
  });

  it('by its name is looked up as well, and asked for the addresses of one family', async () => {
    const name = 'web.prod-x7k2a.svc.cluster.local.';
    const byFamily = { ...probe('dev/client', 'dns:prod/web'), family: 'IPv6' as const };
    const { trials, asked } = await batchOf([byFamily], answers, [byName(['prod/web']), CLIENT]);
    const heads = trials.map((trial) =>
      trial
        .split(',')
        .map((field) => (field.startsWith('\\') ? 'query' : field))
        .join(),
    );
    expect(heads).to.deep.equal([
      `0,name,${name},80,query,-6,12000`,
      `1,name,${name},80,query,-6,12001`,
      `2,nc,${name},80,,-6,`,
      `3,wget,${name},80,,-6,`,
    ]);
    expect(asked).to.have.length(1);
    // Type AAAA, class IN.
    expect(trials[0]).to.match(/\\000\\000\\034\\000\\001,-6,/);
  });

  it('is asked by name for addresses of the only family, if none is given', async () => {
    const toName = probe('dev/client', 'dns:prod/web');
    for (const [address, type] of [
      ['10.0.0.9', '\\000\\001'],
      ['fd00::9', '\\000\\034'],
    ] as const) {
      const client = { ...CLIENT, addresses: [address] };
      const { trials, readings } = await batchOf(
        [toName],
        (tool, ask) => (tool === 'name' ? { code: 0, output: lookedUp(ask) } : { code: 0 }),
        [byName(['prod/web']), client],
      );
      expect(trials[0]).to.contain(`${type}\\000\\001,,12000`);
      expect(readings[0]?.slice(0, 2).map(({ verdict }) => verdict)).to.deep.equal(['allowed', 'allowed']);
    }
  });

  it('is asked by name for IPv4 if nothing gives the family', async () => {
    const { trials } = await batchOf([probe('dev/client', 'dns:prod/web')], answers, [byName(['prod/web'])]);
    expect(trials[0]).to.contain('\\000\\001\\000\\001,,12000');
  });

  it('takes no answer to one query for one to another', async () => {
    const { trials } = await batchOf([probe('dev/client', 'dns:prod/web')], answers, [byName(['prod/web']), CLIENT]);
    let first = '';
    const { readings } = await batchOf(
      [probe('dev/client', 'dns:prod/web')],
      (tool, ask) => {
        first ||= trials[0]?.split(',')[4] ?? '';
        return tool === 'name' ? { code: 0, output: lookedUp(ask === first ? ask : first) } : { code: 0 };
      },
      [byName(['prod/web']), CLIENT],
    );
    expect(readings[0]?.slice(0, 2).map(({ verdict }) => verdict)).to.deep.equal(['error', 'error']);
  });
});
