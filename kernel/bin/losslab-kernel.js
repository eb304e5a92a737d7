#!/usr/bin/env node
// npm links a program only if it is there: this one is before the package is compiled.
require('../dist/cli.js');
