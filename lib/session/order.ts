/**
 * The order in which sessions go: least recently used first. Strangers' have a queue of their own
 * and go before any user's, so that a flood of visitors without cookies logs nobody out.
 */
import type { Owned } from './owners.ts';
import { createQueue, type Link, type Queue } from './queue.ts';

/** The sessions held, in the order of their last use. */
export interface Order<T> {
  /** Takes in a session that is used now. */
  append(session: T): void;
  /** Notes that a session is used now. */
  touch(session: T): void;
  /** Takes a session out; it must be in. */
  remove(session: T): void;
  /** The strangers' session least recently used, and the users'. */
  oldest(): (T | undefined)[];
  /**
   * Which one has to go next.
   * @param forUser whether it makes room for a user, in whose favour another user's may go
   * @param spared stays in any case
   */
  next(forUser: boolean, spared: T): T | undefined;
}

/** Makes an order of no sessions. */
export function createOrder<T extends Link & Owned>(): Order<T> {
  const strangers = createQueue<T>();
  const users = createQueue<T>();
  const queueOf = ({ owner }: T) => (owner === undefined ? strangers : users);
  const order: Order<T> = {
    append: (session) => queueOf(session).append(session),
    touch(session) {
      order.remove(session);
      order.append(session);
    },
    remove: (session) => queueOf(session).remove(session),
    oldest: () => [strangers.first(), users.first()],
    next(forUser, spared) {
      const first = (queue: Queue<T>) => {
        const head = queue.first();
        return head === spared ? head.after : head;
      };
      return first(strangers) ?? (forUser ? first(users) : undefined);
    },
  };
  return order;
}
