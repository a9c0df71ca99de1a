/**
 * Any supported Node runs the same files: `node --import ./lib/typescript.mjs server.ts`. Since
 * 22.18 Node reads TypeScript by itself, and some 10 % faster; before that, tsx does.
 */
import { features } from 'node:process';
import './node-version.mjs';

if (!Reflect.get(features, 'typescript')) (await import('tsx/esm/api')).register();
