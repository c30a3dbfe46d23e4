/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The memory, its file, and the words of a probe. */

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "clock.h"
#include "config.h"
#include "memory.h"
#include "own.h"
#include "remember.h"
#include "state-file.h"

struct Remember {
        StateFile *file;
        Memory *memory;
};

Remember *remember_new(Instance instance, const char *directory) {
        Remember *remember = calloc(1, sizeof(*remember));
        KeyedHash key;

        if (!remember || getrandom(&key, sizeof(key), 0) != sizeof(key))
                return remember_free(remember);
        remember->memory = memory_new(&key);
        remember->file = state_file_new(instance, directory, "memory", "what servers offered is remembered only while it runs");
        return remember->memory && remember->file ? remember : remember_free(remember);
}

Remember *remember_free(Remember *remember) {
        if (!remember)
                return NULL;
        memory_free(remember->memory);
        state_file_free(remember->file);
        free(remember);
        return NULL;
}

/* Begins a change: what another daemon has written since is taken over. */
static void begin(Remember *remember) {
        _cleanup_free_ char *text = state_file_begin(remember->file);
        Memory *memory = NULL;

        int r = text ? memory_from_text(text, &memory) : 0;
        if (r < 0)
                state_file_refuse(remember->file, r);
        if (!memory)
                return;
        memory_free(remember->memory);
        remember->memory = memory;
}

static int64_t now_seconds(void) {
        return (int64_t) (clock_realtime_usec() / 1000000);
}

Earlier remember_recall(Remember *remember, uid_t uid, const MdTarget *target, bool own_authority) {
        begin(remember);
        state_file_end(remember->file, NULL);
        KeyedHash endpoint = memory_endpoint(remember->memory, uid, target, own_authority);
        return memory_recall(remember->memory, &endpoint, now_seconds());
}

/* ---- what a probe saw ---- */

static MemoryVisit visit_of(const ProbeLog *log) {
        const MdRecord *tls = probe_log_next(log, NULL, "tls"), *certificate = probe_log_next(log, NULL, "certificate");
        const char *login = probe_log_login(log);

        return (MemoryVisit) {
                .greeted = probe_log_next(log, NULL, "greeting"),
                .verified = tls && certificate && md_record_truth(tls, "verified"),
                .security = log->target.security,
                .certificate = certificate ? md_record_text(certificate, "sha256") : NULL,
                .login_ok = !strcmp(login, "ok"),
                .login_refused = !strcmp(login, "refused"),
        };
}

/* By a clock that is wrong nothing is dated. */
static bool is_plausible(int64_t now) {
        return now >= MAILDIAG_RELEASE_TIME;
}

void remember_note(Remember *remember, uid_t uid, ProbeLog *log, bool own_authority) {
        MemoryVisit visit = visit_of(log);
        _cleanup_free_ char *text = NULL;
        int64_t now = now_seconds();

        if (log->why == PROBE_CONTROL || log->end != PROBE_ENDED || !is_plausible(now))
                return;
        begin(remember);
        KeyedHash endpoint = memory_endpoint(remember->memory, uid, &log->target, own_authority);
        log->earlier.other_certificate = memory_had_other_certificate(remember->memory, &endpoint, visit.certificate);
        if (memory_note(remember->memory, &endpoint, &visit, now))
                text = memory_to_text(remember->memory);
        state_file_end(remember->file, text);
}
