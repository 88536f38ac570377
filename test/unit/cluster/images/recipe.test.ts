import { access, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { split } from '../../../../src/cluster/images/layers.ts';
import { loadRecipe, type Recipe, recipeFolder } from '../../../../src/cluster/images/recipe.ts';

const fileOf = (...path: string[]) => readFile(join(recipeFolder, ...path), 'utf8');

/** The version that a component's go.mod requires of a module. */
const required = async (component: string, module: string): Promise<string> => {
  const lines = (await fileOf(component, 'go.mod')).split('\n').map((line) => line.trim().replace(/^require /, ''));
  return lines.find((line) => line.startsWith(`${module} v`))?.split(' ')[1] ?? `${module} is not required`;
};

/** How Go names the program of a package: by its path's last element, or the one before a major version. */
const binaryOf = (module: string, packagePath: string): string => {
  const full = packagePath.startsWith('.') ? join(module, packagePath) : packagePath;
  const elements = full.split('/');
  const last = elements.at(-1) ?? '';
  return /^v\d+$/.test(last) ? (elements.at(-2) ?? '') : last;
};

describe('recipe.yaml', () => {
  let recipe: Recipe;
  before(async () => {
    recipe = await loadRecipe();
  });
  const layers = () => Object.entries(recipe.layers);
  const images = () => Object.entries(recipe.images);
  const tagged = (name: string): string | undefined => {
    const found = images().find(([image]) => image.startsWith(`${name}:`));
    return found?.[0].slice(name.length + 1);
  };

  it('has a Go module with locked checksums for every component', async () => {
    const names = Object.keys(recipe.components);
    expect(names).to.include.members(['kubernetes', 'calico', 'containerd', 'coredns', 'etcd', 'kind', 'cni-plugins']);
    for (const name of names) {
      const module = await fileOf(name, 'go.mod');
      expect(module, name).to.match(/^module \S+$/m);
      // What needs no other module has no checksums.
      if (/^require/m.test(module)) expect(await fileOf(name, 'go.sum'), name).to.match(/ h1:[\w+/]{43}=$/m);
      else expect(name).to.equal('recorder');
    }
  });

  it('knows how long each piece takes to make, and of nothing else', () => {
    const pieces = [...Object.keys(recipe.components), ...Object.keys(recipe.roots)];
    expect(Object.keys(recipe.seconds)).to.have.members(pieces);
  });

  it('builds packages that its modules require, or that stand beside their go.mod', async () => {
    for (const [name, { packages, module }] of Object.entries(recipe.components)) {
      const goMod = await fileOf(name, 'go.mod');
      const modules = [...goMod.matchAll(/^(?:require )?\s*(\S+\.\S+\/\S+) v\S+/gm)].map(([, path]) => path ?? '');
      for (const path of packages) {
        if (path.startsWith('.')) await access(join(recipeFolder, name, path, 'main.go'));
        else
          expect(
            modules.some((one) => path === one || path.startsWith(`${one}/`)),
            path,
          ).to.equal(true);
      }
      if (module !== undefined) expect(modules, name).to.include(module);
    }
  });

  it('takes only programs into its layers that their component builds', async () => {
    const built = new Map<string, string[]>();
    for (const [name, { packages }] of Object.entries(recipe.components)) {
      const module = /^module (\S+)$/m.exec(await fileOf(name, 'go.mod'))?.[1] ?? '';
      const binaries = packages.map((path) => binaryOf(module, path));
      expect(new Set(binaries), `${name} overwrites a program of its own`).to.have.length(binaries.length);
      built.set(name, binaries);
    }
    for (const [layer, { files }] of layers())
      for (const reference of Object.values(files)) {
        const { component, path } = split(reference);
        expect(built.get(component), `${reference} in ${layer}`).to.include(path);
      }
  });

  it('copies only from components whose module it names, the manifest too', () => {
    const copies = layers().flatMap(([, layer]) => Object.values(layer.copies));
    for (const reference of [...copies, recipe.calicoManifest])
      expect(recipe.components[split(reference).component]?.module, reference).to.be.a('string');
  });

  it('puts images together from layers and roots that it defines, and uses all of them', () => {
    const named = images().flatMap(([, image]) => image.layers);
    const roots = images().flatMap(([, image]) => image.roots);
    // The node image itself is made of these two.
    expect(new Set([...named, 'node'])).to.deep.equal(new Set(Object.keys(recipe.layers)));
    expect(new Set([...roots, 'node'])).to.deep.equal(new Set(Object.keys(recipe.roots)));
  });

  it('links to names that the same image holds', () => {
    for (const [image, { layers: names, roots }] of images()) {
      const all = names.map((name) => recipe.layers[name]);
      const present = new Set(all.flatMap((layer) => Object.keys({ ...layer?.files, ...layer?.links })));
      for (const layer of all)
        for (const [path, target] of Object.entries(layer?.links ?? {}))
          expect(roots.length > 0 || present.has(join(path, '..', target)), `${path} in ${image}`).to.equal(true);
    }
  });

  it('makes executable only what a layer holds, and starts what an image holds', () => {
    for (const [name, { executable, files, copies }] of layers())
      for (const path of executable) {
        const within = [...Object.keys(files), ...Object.keys(copies)];
        expect(
          within.some((one) => path === one || path.startsWith(`${one}/`)),
          `${path} in ${name}`,
        ).to.equal(true);
      }
    for (const [name, { layers: names, entrypoint }] of images()) {
      const files = names.flatMap((layer) => Object.keys(recipe.layers[layer]?.files ?? {}));
      if (entrypoint[0]) expect(files, name).to.include(entrypoint[0].replace(/^\//, ''));
    }
  });

  it('has every image that kubeadm, Calico and the probes ask for', () => {
    expect(images().map(([image]) => image.slice(0, image.lastIndexOf(':')))).to.have.members([
      'registry.k8s.io/kube-apiserver',
      'registry.k8s.io/kube-controller-manager',
      'registry.k8s.io/kube-scheduler',
      'registry.k8s.io/kube-proxy',
      'registry.k8s.io/etcd',
      'registry.k8s.io/coredns/coredns',
      'registry.k8s.io/pause',
      'docker.io/calico/cni',
      'docker.io/calico/node',
      'docker.io/calico/kube-controllers',
      'registry.k8s.io/e2e-test-images/agnhost',
    ]);
    expect(Object.keys(recipe.images)).to.include.members([recipe.pauseImage, recipe.probeImage]);
  });

  it('tags Kubernetes by the version that it builds and stamps', async () => {
    const version = recipe.kubernetesVersion;
    const [, major, minor] = /^v(\d+)\.(\d+)\.\d+$/.exec(version) ?? [];
    expect(await required('kubernetes', 'k8s.io/kubernetes')).to.equal(version);
    for (const name of ['kube-apiserver', 'kube-controller-manager', 'kube-scheduler', 'kube-proxy'])
      expect(tagged(`registry.k8s.io/${name}`), name).to.equal(version);
    expect(recipe.components.kubernetes?.stamps).to.deep.equal({
      'k8s.io/component-base/version.gitVersion': version,
      'k8s.io/component-base/version.gitMajor': major,
      'k8s.io/component-base/version.gitMinor': minor,
      'k8s.io/client-go/pkg/version.gitVersion': version,
    });
    // Staging modules are versioned v0.x where Kubernetes is v1.x.
    const staging = version.replace('v1.', 'v0.');
    for (const [, module, replaced] of (await fileOf('kubernetes', 'go.mod')).matchAll(
      /^\s*(k8s\.io\/\S+) => \S+ (\S+)$/gm,
    ))
      expect(replaced, module).to.equal(staging);
  });

  it('tags etcd and CoreDNS by the versions of their modules', async () => {
    const etcd = await required('etcd', 'go.etcd.io/etcd/server/v3');
    // kubeadm's tag of etcd has a revision of the image behind the version.
    expect(tagged('registry.k8s.io/etcd')).to.match(new RegExp(`^${etcd.slice(1)}-\\d+$`));
    expect(tagged('registry.k8s.io/coredns/coredns')).to.equal(await required('coredns', 'github.com/coredns/coredns'));
  });

  it('tags all of Calico by one version', () => {
    const tags = ['cni', 'node', 'kube-controllers'].map((name) => tagged(`docker.io/calico/${name}`));
    expect(new Set(tags)).to.have.length(1);
    expect(tags[0]).to.match(/^v\d+\.\d+\.\d+$/);
  });
});
