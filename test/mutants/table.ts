/**
 * The table of changes, one file a room of the house.
 */
import { db } from './db.ts';
import { routes } from './routes.ts';
import { session } from './session.ts';

export const mutants = [...db, ...routes, ...session];
