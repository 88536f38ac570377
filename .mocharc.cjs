const { tmpdir } = require('node:os');
const { join } = require('node:path');

// Mocha's workers and the programs that tests start load the same modules again. It blurs coverage, so not there.
if (!process.env.NODE_V8_COVERAGE) process.env.NODE_COMPILE_CACHE ??= join(tmpdir(), 'node-compile-cache');

module.exports = {
  extension: ['test.ts'],
  recursive: true,
  timeout: 20_000,
};
