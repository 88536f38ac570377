#!/usr/bin/env node
'use strict';
// The command of the installed package. Any Node.js can read this file, so that an old one gets a sentence, not a stack.
var version = process.versions.node.split('.').map(Number);
if (version[0] > 22 || (version[0] === 22 && version[1] >= 22)) {
  require('./start.cjs');
} else {
  process.stderr.write('podreach: Node.js ' + process.version + ' is too old: install Node.js 22.22 or later\n');
  process.exitCode = 2;
}
