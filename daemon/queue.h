/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * Who may run next: limits per user and in total, first come first served within a user, users in turn.
 *
 * Pure: it knows users by number and jobs as items that their owner embeds.
 */

#include <stdbool.h>
#include <sys/queue.h>
#include <sys/types.h>

typedef struct QueueLimits {
        unsigned user_running;
        unsigned user_queued;
        unsigned total_running;
        unsigned total_queued;          /* of all but root */
        unsigned newcomers;             /* that may run beyond total_running, each the only one of its user */
        unsigned root_queued;           /* of root instead of user_queued; 0: root is like others */
} QueueLimits;

typedef struct QueueUser QueueUser;

typedef struct QueueItem {
        TAILQ_ENTRY(QueueItem) entry;
        QueueUser *user;                /* NULL: in no queue */
        bool running;
} QueueItem;

typedef struct Queue Queue;

Queue *queue_new(const QueueLimits *limits);
/* Nothing may be in it any more. Returns NULL. */
Queue *queue_free(Queue *queue);

/* Queues an item.  Returns 0, -EDQUOT when the user has as many as one may have, -EUSERS when there are too many in
 * all, -ENOMEM. */
int queue_add(Queue *queue, uid_t uid, QueueItem *item);
/* The next one that may run, counted as running from here on; NULL when none may. */
QueueItem *queue_next(Queue *queue);
/* It has ended, or will not run.  One that is in no queue stays as it is. */
void queue_remove(Queue *queue, QueueItem *item);

unsigned queue_n_running(const Queue *queue);
