'use strict';
const { registerHooks } = require('node:module');
const { join, sep } = require('node:path');
const { pathToFileURL } = require('node:url');

// Node.js asks the disk where each module really is, and what kind it is. Of podreach's own modules both are known; not asking
// saves a quarter of the time that a command takes to start.
const own = pathToFileURL(join(__dirname, '..', 'dist') + sep).href;
registerHooks({
  resolve: (specifier, context, next) =>
    specifier.startsWith('.') && specifier.endsWith('.js') && context.parentURL?.startsWith(own)
      ? { url: new URL(specifier, context.parentURL).href, format: 'module', shortCircuit: true }
      : next(specifier, context),
});

import('../dist/cli.js');
