/** A podreach that brings a cluster up, for tests that kill it: `node creating.ts NAME`. */
import { createCluster } from '../../../src/cluster/cluster-life.ts';
import { silent } from '../../../src/progress.ts';

const config = 'kind: Cluster\nnodes:\n  - role: control-plane\n  - role: worker\n  - role: worker\n';
const images = { calicoManifest: '/nowhere', probe: 'none' };
await createCluster(String(process.argv[2]), images, { kept: false, config, progress: silent });
