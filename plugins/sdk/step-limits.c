/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Time limits and failures of steps, as tables. */

#include <errno.h>
#include <stddef.h>

#include "step-limits.h"
#include "wait.h"

uint64_t md_limit(MdStage stage) {
        static const uint64_t seconds[] = {
                [MD_STAGE_CONFIG] = 10,
                [MD_STAGE_DNS] = 10,
                [MD_STAGE_TCP] = 10,
                [MD_STAGE_TLS] = 15,
                [MD_STAGE_GREETING] = 20,
                [MD_STAGE_CAPABILITY] = 20,
                [MD_STAGE_AUTH] = 30,           /* a server delays its answer to a wrong password */
                [MD_STAGE_MAILBOX] = 20,
                [MD_STAGE_POLICY] = 20,
        };
        return seconds[stage] * MD_SEC;
}

const char *md_failure(MdStage stage, int error) {
        static const struct {
                int error;
                const char *greeting, *auth, *other;
        } table[] = {
                { ETIMEDOUT, "greeting.timeout", "auth.timeout", "protocol.timeout" },
                { ETIME, "greeting.too-slow", "auth.timeout", "protocol.timeout" },
                { ENODATA, "greeting.closed", "auth.closed", "protocol.closed" },
                { ECONNRESET, "greeting.reset", "auth.closed", "protocol.reset-mid-reply" },
                { EMSGSIZE, "greeting.too-long", "protocol.line-too-long", "protocol.line-too-long" },
                { EOVERFLOW, "protocol.too-much-data", "protocol.too-much-data", "protocol.too-much-data" },
                { EBADMSG, "tls.broken-record", "tls.broken-record", "tls.broken-record" },
        };
        for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
                if (table[i].error != error)
                        continue;
                return stage == MD_STAGE_GREETING ? table[i].greeting :
                       stage == MD_STAGE_AUTH ? table[i].auth : table[i].other;
        }
        return NULL;
}
