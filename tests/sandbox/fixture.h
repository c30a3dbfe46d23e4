/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* A real maildiag-worker, with the test in the daemon's place. */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "record.h"
#include "target.h"

#define FIXTURE_RECORDS_MAX 4096u

/* Records in the order in which they came. */
typedef struct Records {
        size_t n;
        MdRecord items[FIXTURE_RECORDS_MAX];
        size_t unreadable;              /* messages that were no record */
        size_t left_out;                /* more than there is room for */
} Records;

void records_done(Records *records);
/* Waits for a datagram and adds what it holds.  Returns 1, 0 on end of file, -EBADMSG. */
int records_wait(int socket, Records *records);
/* The first record of that kind whose field "key" is `text` (NULL: of that kind). */
const MdRecord *records_find(const Records *records, const char *kind, const char *key, const char *text);

typedef struct TestWorker {
        pid_t pid;
        int socket;
        int errors;                     /* its standard error */
        Records announced;              /* up to "ready" */
        uint64_t next_id;
} TestWorker;

/* Starts the worker that MAILDIAG_TEST_WORKER names, with an environment and one more option (NULL: as ours,
 * none), and waits until it is ready. */
void worker_start(TestWorker *worker, const char *plugin_directory, char *const *environment,
                  const char *option);
/* Closes our end and waits: the exit status as from waitpid(2). */
int worker_stop(TestWorker *worker);
/* What it wrote to standard error so far; a new string. */
char *worker_errors(TestWorker *worker);

typedef struct TestProbe {
        uint64_t id;
        int records;                    /* our end */
} TestProbe;

/* Sends a request; `fds` (NULL: none) but for that of the records, which is made here.  Nothing is waited
 * for. */
TestProbe probe_start(TestWorker *worker, const MdTarget *target, const int *fds);
/* Reads records until the probe closes its end. */
void probe_collect(TestProbe *probe, Records *ret);
/* Waits for the next "exit"; to be released with md_record_done(). */
void worker_wait_exit(TestWorker *worker, MdRecord *ret);

/* A socket of loopback that listens; its port. */
int listen_somewhere(uint16_t *ret_port);
