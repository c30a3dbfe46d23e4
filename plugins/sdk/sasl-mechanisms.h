/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* The SASL mechanisms that a probe can speak, and which of them to use. */

#include <stdbool.h>
#include <stddef.h>

/* What a mechanism needs, and what is at hand. */
enum {
        MD_MEANS_PASSWORD = 1u << 0,
        MD_MEANS_TOKEN = 1u << 1,               /* OAuth 2.0 access token */
        MD_MEANS_CERTIFICATE = 1u << 2,         /* client certificate */
        MD_MEANS_BINDING = 1u << 3,             /* TLS channel binding */
        /* User name and password are texts that SASLprep (RFC 4013) takes. */
        MD_MEANS_PREPARED = 1u << 4,
};

typedef enum MdMechanismFamily {
        MD_FAMILY_SIMPLE,                       /* any challenge will do: PLAIN, LOGIN, EXTERNAL */
        MD_FAMILY_CRAM,
        MD_FAMILY_SCRAM,
        MD_FAMILY_OAUTH,
} MdMechanismFamily;

typedef struct MdMechanism {
        const char *name;
        MdMechanismFamily family;
        unsigned needs;                         /* MD_MEANS_* */
        /* Which response carries the secret or its proof; 1: the first. */
        unsigned proof;
        bool server_first;                      /* speaks only when asked: no initial response */
        bool weak;                              /* only when the settings name it */
        const char *reason;                     /* why it is chosen, for a person; N_() */
} MdMechanism;

/* NULL when it is unknown. */
const MdMechanism *md_mechanism_find(const char *name);

/* The strongest that is offered and possible; when the settings list some (`allowed`, NULL: they do not), the
 * first of these.  `ret_reason` says why.  NULL when none fits. */
const MdMechanism *md_mechanism_choose(unsigned means, const char *const *allowed, const char *const *offered,
                                       const char **ret_reason);
/* Whether one was passed over only because it is weak. */
bool md_mechanism_weak_only(unsigned means, const char *const *allowed, const char *const *offered);
