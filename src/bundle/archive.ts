import { buffer } from 'node:stream/consumers';
import { createGzip } from 'node:zlib';
import { pack } from 'tar-stream';

/** When nothing was changed. */
const AT = new Date(0);

/** A .tar.gz of these files below a folder. The same files give the same bytes, whoever packs them, and when. */
export const archiveOf = async (folder: string, files: ReadonlyMap<string, string>): Promise<Buffer> => {
  const archive = pack();
  for (const [name, text] of [...files].toSorted(([one], [other]) => (one < other ? -1 : 1)))
    archive.entry({ name: `${folder}/${name}`, mode: name.endsWith('.sh') ? 0o755 : 0o644, mtime: AT }, text);
  archive.finalize();
  return buffer(archive.pipe(createGzip({ level: 9 })));
};
