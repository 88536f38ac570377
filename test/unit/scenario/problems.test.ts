import { expect } from 'chai';
import { refusal } from './temporary-folder.ts';

const wrong: Readonly<Record<string, readonly [yaml: string | Uint8Array, ...lines: readonly string[]]>> = {
  'an unknown key': [
    'namespace: {}\nnamespaces: {}\n',
    '1:1: unknown key "namespace"; the nearest valid key is "namespaces"',
  ],
  'misspelt keys, one inside another': [
    'namespaces: {prod: {pods: {db: {adress: 10.0.0.1}}}}\nservcies: {}\n',
    '1:33: unknown key "adress"; the nearest valid key is "address"',
    '2:1: unknown key "servcies"; the nearest valid key is "services"',
  ],
  'bad addresses': [
    'namespaces: {p: {pods: {a: {address: 10.0.0.256}, b: {address: 10}, c: {address: 10.0.0.0/8}}}}\n',
    '1:38: invalid address "10.0.0.256": expected an IP address, for example 192.168.77.10',
    '1:64: expected an IP address, or a list of one IPv4 and one IPv6 address, got the number 10',
    '1:82: invalid address "10.0.0.0/8": expected an IP address, for example 192.168.77.10',
  ],
  'duplicate addresses, however they are written': [
    'namespaces:\n  p: {pods: {a: {address: "fd00::1"}}}\n  q: {pods: {a: {address: "fd00:0::1"}, b: {address: 10.0.0.1}}}\n',
    '3:27: duplicate address fd00:0::1: p/a has it too',
  ],
  'hosts with addresses that no machine has': [
    [
      'namespaces: {p: {pods: {a: {address: 10.0.0.1}}}}',
      'hosts:',
      '  a: {address: 127.0.0.1}',
      '  b: {address: 224.0.0.1}',
      '  c: {address: 169.254.0.1}',
      '  d: {address: "fe80::1"}',
      '  e: {address: 0.0.0.0}',
      '  f: {address: 10.0.0.1}',
      '  g: {}',
      '  h: {address: 10.0.0.2, ports: [80, 80]}',
      '',
    ].join('\n'),
    ...[3, 4, 5, 6, 7].map(
      (line, at) =>
        `${line}:16: invalid address ${JSON.stringify(['127.0.0.1', '224.0.0.1', '169.254.0.1', 'fe80::1', '0.0.0.0'][at])}: expected one that a machine can have, for example 172.17.5.10 or fd00:5::10`,
    ),
    '9:6: missing key "address"',
  ],
  'hosts with what another has': [
    'namespaces: {p: {pods: {a: {address: 10.0.0.1}}}}\nhosts: {f: {address: 10.0.0.1}, h: {address: 10.0.0.2, ports: [80, 80]}}\n',
    '2:22: duplicate address 10.0.0.1: p/a has it too',
    '2:68: duplicate port 80/TCP',
  ],
  'a wrong type': [
    'name: 5\nnamespaces: {prod: {pods: [web]}}\n',
    '1:7: expected a string, got the number 5: quote it',
    '2:27: expected a mapping, got a list',
  ],
  'an empty value': ['namespaces:\n  prod:\n', '2:8: expected a mapping, got nothing'],
  'a duplicate key': [
    'namespaces:\n  prod: {}\n  prod: {}\nnam: x\n',
    '3:3: duplicate key "prod"',
    '4:1: unknown key "nam"; the nearest valid key is "name"',
  ],
  'names that are no DNS labels': [
    `namespaces:\n  Prod: {}\n  ${'n'.repeat(51)}: {}\n  p: {pods: {web_1: {}, ${'p'.repeat(64)}: {}}}\n`,
    '2:3: invalid namespace name "Prod": lower-case letters, digits and "-", a letter or digit at both ends',
    `3:3: invalid namespace name "${'n'.repeat(51)}": longer than 50 characters`,
    '4:14: invalid pod name "web_1": lower-case letters, digits and "-", a letter or digit at both ends',
    `4:25: invalid pod name "${'p'.repeat(59)}…: longer than 63 characters`,
  ],
  'bad labels': [
    'namespaces:\n  prod:\n    labels: {-a: b, a: b c, n: 1, podreach/run: x, kubernetes.io/metadata.name: dev}\n',
    '3:14: invalid label key "-a": [prefix/]name, the name at most 63 letters, digits, "-", "_" and "."',
    '3:24: invalid label value "b c": at most 63 letters, digits, "-", "_" and ".", a letter or digit at both ends',
    '3:32: expected a string, got the number 1: quote it',
    `3:35: invalid label key "podreach/run": podreach/ is reserved for podreach's own labels`,
  ],
  'a label that Kubernetes sets': [
    'namespaces:\n  prod: {labels: {kubernetes.io/metadata.name: dev}}\n',
    '2:48: Kubernetes sets kubernetes.io/metadata.name to prod, not "dev"',
  ],
  'bad ports': [
    "namespaces: {p: {pods: {a: {ports: [\n 0,\n 65536,\n 80.5,\n '70000/TCP',\n 53/udp,\n '80',\n true,\n {prt: 1}]}}}}\n",
    '2:2: invalid port 0: 1 to 65535',
    '3:2: invalid port 65536: 1 to 65535',
    "4:2: expected a port (80, '53/UDP' or {name, port, protocol}), got the number 80.5",
    '5:2: invalid port "70000/TCP": 1 to 65535',
    `6:2: invalid port "53/udp": write 80, '80/TCP', '53/UDP' or '9000/SCTP'`,
    `7:2: invalid port "80": write 80, '80/TCP', '53/UDP' or '9000/SCTP'`,
    "8:2: expected a port (80, '53/UDP' or {name, port, protocol}), got true",
    '9:2: invalid port nothing: 1 to 65535',
    '9:3: unknown key "prt"; the nearest valid key is "port"',
  ],
  'bad named ports': [
    'namespaces: {p: {pods: {a: {ports: [\n {name: A, port: 1},\n {name: "80", port: 2, protocol: ICMP}]}}}}\n',
    '2:9: invalid port name "A": at most 15 lower-case letters, digits and single "-" inside, with a letter',
    '3:9: invalid port name "80": at most 15 lower-case letters, digits and single "-" inside, with a letter',
    '3:34: invalid protocol "ICMP": TCP, UDP or SCTP',
  ],
  'duplicate ports': [
    'namespaces: {p: {pods: {a: {ports: [80, 80/UDP, 80/TCP, {name: h, port: 1}, {name: h, port: 2}]}}}}\n',
    '1:49: duplicate port 80/TCP',
    '1:84: duplicate port name "h"',
  ],
  'an empty file': ['', '1:1: empty: a scenario begins with its namespaces'],
  'only a comment': ['# nothing\n', '1:1: empty: a scenario begins with its namespaces'],
  'a scalar': ['hello\n', '1:1: expected a mapping, got the string "hello"'],
  'a list': ['- a\n', '1:1: expected a mapping, got a list'],
  'two documents': ['namespaces: {}\n---\nnamespaces: {}\n', '3:1: a second document: a scenario has only one'],
  'a tab, whatever the parser makes of what follows': [
    'namespaces:\n  prod:\n    pods:\n\t  web: {}\n      api: {}\n  dev: {}\npolicies: []\n',
    '4:1: a tab indents this line: YAML allows only spaces',
  ],
  tabs: ['namespaces:\n\tprod: {}\n', '2:1: a tab indents this line: YAML allows only spaces'],
  'a tag': ['namespaces: !mine {}\n', '1:13: Unresolved tag: !mine'],
  'an unknown alias': ['namespaces: *gone\n', '1:13: unknown alias "gone"'],
  'an alias of itself': ['namespaces: &a {prod: *a}\n', '1:23: the alias "a" contains itself'],
  'an alias bomb': [
    `a: &a [x, x, x, x, x, x, x, x, x]\n${[...'bcdef'].map((name, at) => `${name}: &${name} [${Array(9).fill(`*${'abcde'[at]}`).join(', ')}]\n`).join('')}`,
    '1:1: too many aliases',
  ],
  'deep nesting': ['['.repeat(100_000), '1:201: nested too deeply'],
  'an old YAML': ['%YAML 1.1\n---\nnamespaces: {}\n', '3:1: podreach reads only YAML 1.2'],
  'a key that JavaScript knows': ['namespaces: {__proto__: {}}\n', '1:14: invalid key "__proto__"'],
  'binary junk': [Uint8Array.of(0xff, 0xfe, 0x00, 0x80), '1:1: not a text file: it is not UTF-8'],
  'control characters': ['name: \x1b[31m\n', '1:1: not a text file: it contains control characters'],
  'a name that steers the terminal': [
    'name: "\\e[31m"\nnamespaces: {}\n',
    '1:7: invalid name "\\u001b[31m": one line of 1 to 200 characters',
  ],
  'too large a file': ['#'.repeat(1024 * 1024 + 1), '1:1: larger than 1024 KiB'],
};

describe('the problems of a scenario', () => {
  for (const [what, [yaml, ...lines]] of Object.entries(wrong))
    it(`reports ${what}`, async () => {
      const files = { 'scenario.yaml': yaml, 'policies/none.yaml': '' };
      const told = (await refusal(files)).lines.filter((line) => line.startsWith('scenario.yaml:'));
      expect(told).to.deep.equal(lines.map((line) => `scenario.yaml:${line}`));
    });

  it('points at what is not YAML', async () => {
    const { lines } = await refusal({ 'scenario.yaml': 'namespaces: {prod: [}\n' });
    expect(lines[0]).to.match(/^scenario\.yaml:1:2[01]: /);
  });

  it('helps if the first line of a grid is indented without an indicator', async () => {
    const grid = '           prod/web\n           80/TCP\n  prod/web #\n';
    const { hint } = await refusal({ 'scenario.yaml': `namespaces: {}\nexpect:\n  grid: |\n${grid}` });
    expect(hint).to.equal('A grid begins with `grid: |2`, because its first line is indented more than the others.');
  });

  it('reports a folder in the place of the file', async () => {
    expect((await refusal({ 'scenario.yaml/x': '' }, '.')).lines).to.deep.equal([
      'scenario.yaml:1:1: not a regular file',
    ]);
  });
});
