/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The words of settings and reports: enumerations as people and the bus see them. */

#include <errno.h>

#include "target.h"
#include "text.h"

static const char *const security_words[] = {
        [MD_SECURITY_NONE] = "none",
        [MD_SECURITY_STARTTLS] = "starttls",
        [MD_SECURITY_TLS] = "tls",
};

static const char *const depth_words[] = {
        [MD_DEPTH_CONNECT] = "connect",
        [MD_DEPTH_TLS] = "tls",
        [MD_DEPTH_AUTH] = "auth",
        [MD_DEPTH_FULL] = "full",
};

static const char *const severity_words[] = {
        [MD_SEVERITY_OK] = "ok",
        [MD_SEVERITY_INFO] = "info",
        [MD_SEVERITY_WARNING] = "warning",
        [MD_SEVERITY_ERROR] = "error",
};

static const char *const actor_words[] = {
        [MD_ACTOR_USER] = "user",
        [MD_ACTOR_PROVIDER] = "provider",
        [MD_ACTOR_ADMINISTRATOR] = "administrator",
        [MD_ACTOR_NETWORK] = "network",
        [MD_ACTOR_COMPUTER] = "computer",
};

static const char *const stage_words[] = {
        [MD_STAGE_CONFIG] = "config",
        [MD_STAGE_DNS] = "dns",
        [MD_STAGE_TCP] = "tcp",
        [MD_STAGE_TLS] = "tls",
        [MD_STAGE_GREETING] = "greeting",
        [MD_STAGE_CAPABILITY] = "capability",
        [MD_STAGE_AUTH] = "auth",
        [MD_STAGE_MAILBOX] = "mailbox",
        [MD_STAGE_POLICY] = "policy",
};

#define WORDS(name, type, table)                                                        \
        const char *md_##name##_to_string(type value) {                                 \
                size_t n = sizeof(table) / sizeof(table[0]);                            \
                return (size_t) value < n ? table[value] : "unknown";                   \
        }                                                                               \
        int md_##name##_from_string(const char *word) {                                 \
                for (size_t i = 0; word && i < sizeof(table) / sizeof(table[0]); i++)   \
                        if (md_word_equal(word, table[i]))                              \
                                return (int) i;                                         \
                return -EINVAL;                                                         \
        }

WORDS(security, MdSecurity, security_words)
WORDS(depth, MdDepth, depth_words)
WORDS(severity, MdSeverity, severity_words)
WORDS(actor, MdActor, actor_words)
WORDS(stage, MdStage, stage_words)
