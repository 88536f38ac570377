import { expect } from 'chai';
import type { Endpoint, HostEndpoint } from '../../../src/deploy/index.ts';
import { hostnameOf } from '../../../src/deploy/index.ts';
import { PodreachError } from '../../../src/errors.ts';
import { runBatch } from '../../../src/probe/run-batch.ts';
import type { SourcePorts } from '../../../src/probe/source-ports.ts';
import type { Probe } from '../../../src/scenario/index.ts';
import { failureOf } from '../failure-of.ts';
import { byName, endpoint, line, lookedUp, probe, service, type Told } from './fake-targets.ts';

const WEB = endpoint('prod/web', 0, [{ number: 80, protocol: 'TCP' }]);
const OFFICE: HostEndpoint = {
  endpoint: 'host:office',
  container: 'podreach-office-x7k2a',
  addresses: ['172.17.5.10'],
  ports: [
    { number: 80, protocol: 'TCP' },
    { number: 53, protocol: 'UDP' },
  ],
};

/** What the source was given, and the readings of the probes when each tool reports what `tell` says. */
const batchOf = async (
  probes: readonly Probe[],
  tell: (tool: string, ask: string) => Told,
  endpoints: readonly Endpoint[] = [WEB, OFFICE],
) => {
  let trials: readonly string[] = [];
  const exec = async (argv: readonly string[]) => {
    const [, , , , nonce = '', , , ...rest] = argv;
    trials = rest;
    const lines = rest.map((trial) => {
      const [id, tool = '', , , ask = ''] = trial.split(',');
      return line(nonce, Number(id), tell(tool, ask));
    });
    return { stdout: `${lines.join('')}end ${nonce} ${rest.length}\n`, stderr: '', exitCode: 0 };
  };
  const named = new Map(endpoints.map((one) => [one.endpoint, one]));
  const asked: { addresses: readonly string[]; count: number; served: readonly number[] }[] = [];
  const ports: SourcePorts = {
    take: async (addresses, count, { served = new Set<number>() } = {}) => {
      asked.push({ addresses, count, served: [...served].sort() });
      return Array.from({ length: count }, (_, index) => 12_000 + index);
    },
  };
  const readings = await runBatch({ endpoint: 'prod/api', exec }, probes, named, { timeoutMs: 2000, ports });
  return { trials, asked, readings: probes.map((one) => readings.get(one)) };
};

const CLIENT = endpoint('dev/client', 9, []);
const TO_OFFICE = probe('prod/api', 'host:office');
const BOTH = { ...WEB, addresses: ['10.0.0.1', 'fd00::1'] };
const ANSWERS: Readonly<Record<string, string>> = {
  hostname: 'podreach-office-x7k2a',
  clientip: '192.168.1.7:41234',
  '': 'prod-x7k2a/web:80',
};
const answers = (_tool: string, path: string): Told => ({ code: 0, output: ANSWERS[path] ?? '' });

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

  it('takes the port of a node where that is what is connected to', async () => {
    const translations = new Map([['80/TCP', { port: 30_080, backends: [] }]]);
    const nodePort = service([], { endpoint: 'nodeport:prod/web', addresses: ['172.18.0.2'], translations });
    const { trials } = await batchOf([probe('host:office', 'nodeport:prod/web')], answers, [nodePort]);
    expect(trials[0]).to.equal('0,nc,172.18.0.2,30080,,,');
  });

  it('is an error where a pod answers that is none of its backends, or a backend on another port', async () => {
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

  it('by its name is asked for addresses of the one family that there is, where none is told', async () => {
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

describe('runBatch over UDP', () => {
  const toWeb = probe('prod/api', 'prod/web', 53, 'UDP');
  const API = { ...endpoint('prod/api', 7, [{ number: 5353, protocol: 'UDP' }]), addresses: ['10.0.0.8', 'fd00::8'] };
  const WEB_UDP = { ...WEB, ports: [{ number: 53, protocol: 'UDP' as const }] };
  const named = (output: string) => () => ({ code: 0, output });

  it('asks a pod for its hostname by two datagrams, each from a port of its own that its source does not serve', async () => {
    const { trials, asked, readings } = await batchOf([toWeb], named(hostnameOf(WEB)), [WEB_UDP, API]);
    expect(trials).to.deep.equal(['0,udp,10.0.0.1,53,hostname,,12000', '1,udp,10.0.0.1,53,hostname,,12001']);
    expect(asked).to.deep.equal([{ addresses: API.addresses, count: 2, served: [53, 5353] }]);
    expect(readings[0]?.map(({ verdict }) => verdict)).to.deep.equal(['allowed', 'allowed']);
  });

  it('takes the hostname of another pod, of one of the same name elsewhere too, for a wrong endpoint', async () => {
    for (const other of [
      { namespace: 'prod-x7k2a', pod: 'api' },
      { namespace: 'prod-abcde', pod: 'web' },
    ]) {
      const { readings } = await batchOf([toWeb], named(hostnameOf(other)), [WEB_UDP, API]);
      expect(readings[0]?.map(({ verdict }) => verdict)).to.deep.equal(['error', 'error']);
    }
  });

  it('takes the name of the node from a pod in its network, in full or its first label', async () => {
    const onNode = { ...WEB_UDP, node: 'n1.example.org', hostNetwork: true };
    for (const [name, verdict] of [
      ['n1.example.org', 'allowed'],
      ['n1', 'allowed'],
      ['n2', 'error'],
      [hostnameOf(WEB), 'error'],
    ] as const) {
      const { readings } = await batchOf([toWeb], named(name), [onNode, API]);
      expect(readings[0]?.[0]?.verdict, name).to.equal(verdict);
    }
  });

  it('asks a host for its name too', async () => {
    const { trials, readings } = await batchOf([probe('prod/api', 'host:office', 53, 'UDP')], answers, [OFFICE, API]);
    expect(trials[0]).to.equal('0,udp,172.17.5.10,53,hostname,,12000');
    expect(readings[0]?.map(({ verdict }) => verdict)).to.deep.equal(['allowed', 'allowed']);
  });

  it('says which backend of a Service answered', async () => {
    const BACKENDS = ['prod/web-1', 'prod/web-2'];
    const toService = probe('prod/api', 'svc:prod/web', 53, 'UDP');
    const second = hostnameOf({ namespace: 'prod-x7k2a', pod: 'web-2' });
    const { readings } = await batchOf([toService], named(second), [service(BACKENDS), API]);
    expect(readings[0]).to.have.length(6);
    expect(readings[0]?.[0]?.detail).to.equal('nc -u: answered by prod/web-2 after 10 ms');
  });

  it('knocks at a server that is not ours with a number that it may send back', async () => {
    const foreign = { ...WEB_UDP, foreign: true } as unknown as Endpoint;
    const { trials } = await batchOf([toWeb], named('what?'), [foreign, API]);
    expect(trials).to.have.length(1);
    expect(trials[0]).to.match(/^0,knock,10\.0\.0\.1,53,echo [0-9a-f]{12},,12000$/);
  });

  it('is an error where its exec had to wait too long to begin', async () => {
    const timeout = AbortSignal.timeout;
    const late: number[] = [];
    AbortSignal.timeout = (ms) => {
      late.push(ms);
      return AbortSignal.abort();
    };
    try {
      const exec = async (_argv: readonly string[], { signal }: { readonly signal?: AbortSignal | undefined }) => {
        if (signal?.aborted) throw new PodreachError('it was interrupted');
        return { stdout: '', stderr: '', exitCode: 0 };
      };
      const ports = { take: async () => [12_000, 12_001] };
      const endpoints = new Map([WEB_UDP, API].map((one) => [one.endpoint, one]));
      const readings = await runBatch({ endpoint: 'prod/api', exec }, [toWeb], endpoints, { timeoutMs: 1500, ports });
      expect(readings.get(toWeb)?.map(({ verdict, detail }) => [verdict, detail])).to.deep.equal(
        Array(2).fill(['error', 'the exec in prod/api did not begin in time']),
      );
      // 420 s of rest less 180 s of an entry's life.
      expect(late).to.have.length(1);
      expect(late[0]).to.be.at.most(240_000);
    } finally {
      AbortSignal.timeout = timeout;
    }
  });

  it('takes no ports where no datagram is sent', async () => {
    const { asked } = await batchOf([probe('prod/api', 'prod/web')], answers, [WEB, API]);
    expect(asked).to.deep.equal([]);
  });
});
