/** What every session store does: of the one in memory here, of the one in the database by `test/db/session-store.test.ts`. */
import { checkStore } from '../check/store.ts';
import { createTestStore, isInDatabase } from '../support/session-store.ts';

checkStore('a session store', createTestStore, { limited: !isInDatabase });
