/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Limits and turns.  A user who has waited longest since his last turn comes first, whatever the others have queued; and where
 * others run all that may run, there is still room for the first one of a user who has none. */

#include <assert.h>
#include <errno.h>
#include <stdlib.h>

#include "queue.h"

struct QueueUser {
        TAILQ_ENTRY(QueueUser) entry;
        uid_t uid;
        unsigned n_running, n_queued;
        TAILQ_HEAD(, QueueItem) items;  /* that wait */
};

struct Queue {
        QueueLimits limits;
        unsigned n_running, n_queued;
        unsigned n_counted;             /* running and queued, of all but root */
        TAILQ_HEAD(, QueueUser) users;  /* in the order of their turns */
};

Queue *queue_new(const QueueLimits *limits) {
        Queue *queue = calloc(1, sizeof(*queue));
        if (!queue)
                return NULL;
        queue->limits = *limits;
        TAILQ_INIT(&queue->users);
        return queue;
}

Queue *queue_free(Queue *queue) {
        assert(!queue || TAILQ_EMPTY(&queue->users));
        free(queue);
        return NULL;
}

static QueueUser *find_user(const Queue *queue, uid_t uid) {
        QueueUser *user;
        TAILQ_FOREACH(user, &queue->users, entry)
                if (user->uid == uid)
                        return user;
        return NULL;
}

static QueueUser *add_user(Queue *queue, uid_t uid) {
        QueueUser *user = calloc(1, sizeof(*user));
        if (!user)
                return NULL;
        user->uid = uid;
        TAILQ_INIT(&user->items);
        TAILQ_INSERT_TAIL(&queue->users, user, entry);
        return user;
}

static bool is_root(const Queue *queue, uid_t uid) {
        return uid == 0 && queue->limits.root_queued > 0;
}

int queue_add(Queue *queue, uid_t uid, QueueItem *item) {
        const QueueLimits *limits = &queue->limits;
        QueueUser *user = find_user(queue, uid);
        bool root = is_root(queue, uid);

        /* What can run at once does not count as waiting. */
        if (user && user->n_queued + user->n_running >= (root ? limits->root_queued : limits->user_queued) +
                                                         limits->user_running)
                return -EDQUOT;
        if (!root && queue->n_counted >= limits->total_queued + limits->total_running)
                return -EUSERS;
        if (!user)
                user = add_user(queue, uid);
        if (!user)
                return -ENOMEM;
        *item = (QueueItem) { .user = user };
        TAILQ_INSERT_TAIL(&user->items, item, entry);
        user->n_queued++;
        queue->n_queued++;
        queue->n_counted += !root;
        return 0;
}

static bool may_run(const Queue *queue, const QueueUser *user) {
        const QueueLimits *limits = &queue->limits;
        unsigned most = limits->total_running + (user->n_running == 0 ? limits->newcomers : 0);

        return user->n_queued > 0 && user->n_running < limits->user_running && queue->n_running < most;
}

QueueItem *queue_next(Queue *queue) {
        QueueUser *user;

        TAILQ_FOREACH(user, &queue->users, entry)
                if (may_run(queue, user))
                        break;
        if (!user)
                return NULL;
        TAILQ_REMOVE(&queue->users, user, entry);
        TAILQ_INSERT_TAIL(&queue->users, user, entry);

        QueueItem *item = TAILQ_FIRST(&user->items);
        TAILQ_REMOVE(&user->items, item, entry);
        item->running = true;
        user->n_queued--;
        user->n_running++;
        queue->n_queued--;
        queue->n_running++;
        return item;
}

void queue_remove(Queue *queue, QueueItem *item) {
        QueueUser *user = item->user;

        if (!user)
                return;
        if (item->running) {
                user->n_running--;
                queue->n_running--;
        } else {
                TAILQ_REMOVE(&user->items, item, entry);
                user->n_queued--;
                queue->n_queued--;
        }
        item->user = NULL;
        queue->n_counted -= !is_root(queue, user->uid);
        if (user->n_running == 0 && user->n_queued == 0) {
                TAILQ_REMOVE(&queue->users, user, entry);
                free(user);
        }
}

unsigned queue_n_running(const Queue *queue) {
        return queue->n_running;
}
