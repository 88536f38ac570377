'use strict';
const { registerHooks } = require('node:module');
const { join, sep } = require('node:path');
const { pathToFileURL } = require('node:url');

// For each module Node.js asks the disk where it really is and of which kind. Of podreach's own both are known, which saves a
// quarter of the time in which a command starts.
const own = pathToFileURL(join(__dirname, '..', 'dist') + sep).href;
registerHooks({
  resolve: (specifier, context, next) =>
    specifier.startsWith('.') && specifier.endsWith('.js') && context.parentURL?.startsWith(own)
      ? { url: new URL(specifier, context.parentURL).href, format: 'module', shortCircuit: true }
      : next(specifier, context),
});

import('../dist/cli.js');
